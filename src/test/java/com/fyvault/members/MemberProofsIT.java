package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What must hold however many ask at once, and however much somebody owns. */
class MemberProofsIT extends MemberTest {
    private static final String VALUE = "/secrets/by-name/STRIPE/value";
    private static final int PARALLEL = 64;
    private static final int KEYS = 500;
    private static final long BOUND_MILLIS = 1_000;

    /** Two owners, and 64 requests at once to take either away: one goes, the other stays. */
    @Test
    void oneOfTwoOwnersGoesHoweverManyAsk() {
        int rounds = Lane.count(1_000, 25);
        long violations = 0;
        Person admin = person("spare@example.com", Role.OWNER);
        String first = "/members/" + ownerId();
        for (int i = 0; i < rounds; i++) {
            List<CompletableFuture<Api.Answer>> asked = new ArrayList<>();
            for (int k = 0; k < PARALLEL; k++) {
                // Each lowers the other one: whoever was lowered is refused afterwards by role, whoever stays by being
                // the last.
                boolean mine = k % 2 == 0;
                Api api = mine ? owner : admin.api();
                String path = mine ? admin.path() : first;
                asked.add(api.sendLater("PATCH", path, role("admin").encode()));
            }
            long lowered = asked.stream()
                    .map(CompletableFuture::join)
                    .filter(answer -> answer.status() == 200 && wasOwner(answer))
                    .count();
            long owners = owners();
            violations += owners == 1 && lowered >= 1 ? 0 : 1;
            restore(admin);
        }
        Figures.print(new Figures.Line(
                "members", "last owner, 64 at once", rounds, (long) rounds * PARALLEL, violations, "owners left: 1"));
        assertThat(violations).isZero();
    }

    private static boolean wasOwner(Api.Answer answer) {
        return "admin".equals(answer.data().getString("role"));
    }

    private long owners() {
        return owner.get("/members").list().stream()
                .filter(member -> "owner".equals(((JsonObject) member).getString("role")))
                .count();
    }

    private void restore(Person admin) {
        for (String email : List.of("owner@example.com", admin.email())) {
            var _ = TestServer.await(server.operator().standings().setRole(server.orgId(), email, Role.OWNER));
        }
    }

    /** Keys and sessions in use at two nodes: all dead when the call returns. */
    @Test
    void removalEndsFiveHundredKeysAndTheirSessionsWithinTheBound() {
        TestServer second = server.secondNode();
        try {
            server.createSecret("STRIPE", "sk");
            Person person = person("busy@example.com", Role.DEVELOPER);
            List<String> tokens = new ArrayList<>();
            List<JsonObject> keys = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                keys.add(server.key(new JsonObject().put("label", "key " + i)));
            }
            handTo(person.id(), keys.stream().map(key -> key.getString("id")).toArray(String[]::new));
            for (JsonObject made : keys) {
                Api key = owner.as(made.getString("token"));
                String session =
                        created(key.post("/access-tokens", new JsonObject())).getString("token");
                assertThat(key.get(VALUE).status()).isEqualTo(200);
                assertThat(key.as(session).at(second.url()).get(VALUE).status()).isEqualTo(200);
                tokens.add(session);
                tokens.add(created(key.post("/access-tokens", new JsonObject())).getString("token"));
            }
            long began = System.nanoTime();
            Api.Answer gone = owner.delete(person.path());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertThat(gone.status()).as(gone.text()).isEqualTo(200);
            assertThat(gone.data().getInteger("revoked")).isEqualTo(KEYS + 1);
            long alive = 0;
            for (int i = 0; i < tokens.size(); i++) {
                Api api = owner.as(tokens.get(i));
                alive += (i % 2 == 0 ? api : api.at(second.url())).get(VALUE).status() == 200 ? 1 : 0;
            }
            Figures.print(new Figures.Line(
                    "members",
                    "removal of 501 keys, 1,000 sessions",
                    1,
                    tokens.size(),
                    alive,
                    "took " + millis + " ms"));
            assertThat(alive).isZero();
            assertThat(millis).isLessThan(BOUND_MILLIS);
        } finally {
            second.close();
        }
    }
}
