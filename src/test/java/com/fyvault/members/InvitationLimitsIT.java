package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.guesses.CountInvitation;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many invitations are mailed: to somebody who has not asked for them, and by one organization. */
class InvitationLimitsIT extends ServerTest {
    private static final int PARALLEL = 64;

    private TestServer second;
    private Api other;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        Bootstrap.Made made = server.anotherOrg();
        other = owner.as(made.key().exposeText()).in(made.orgId().toString());
    }

    @AfterAll
    void stop() {
        second.close();
    }

    @BeforeEach
    void forget() {
        server.database().execute("delete from guess");
        server.database().execute("delete from mail_outbox");
    }

    private static JsonObject to(String email) {
        return new JsonObject().put("email", email);
    }

    private long mails() {
        return server.database().count("select count(*) from mail_outbox");
    }

    private static void isTooMany(Api.Answer answer) {
        isRefused(answer, 429, "RATE_LIMITED");
        assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(3_500, 3_600);
    }

    @Test
    void anAddressGetsSoManyOfAllOrganizationsTogether() {
        String email = "busy@example.com";
        String id = created(owner.post("/invitations", to(email))).getString("invitationId");
        String resend = "/invitations/" + id + "/resend";
        for (int i = 1; i < CountInvitation.MOST_TO_ADDRESS - 1; i++) {
            assertThat(owner.post(resend, new JsonObject()).status()).isEqualTo(200);
        }
        created(other.post("/invitations", to(email.toUpperCase(java.util.Locale.ROOT))));
        assertThat(mails()).isEqualTo(CountInvitation.MOST_TO_ADDRESS);

        isTooMany(owner.post(resend, new JsonObject()));
        isTooMany(other.at(second.url()).post("/invitations", to(email)));
        Api.Answer anew = owner.post("/invitations", to(email));
        isTooMany(anew);
        assertThat(mails()).isEqualTo(CountInvitation.MOST_TO_ADDRESS);
        // What was refused has changed nothing, and stands in the trail.
        assertThat(owner.get("/invitations").list().encode()).contains(id);
        JsonObject record = owner.get("/audit?action=invitation.create&outcome=refused&limit=1")
                .list()
                .getJsonObject(0);
        assertThat(record.getJsonObject("details").getString("code")).isEqualTo("RATE_LIMITED");
        created(owner.post("/invitations", to("somebody.else@example.com")));

        server.database().execute("update guess set times = array(select t - interval '1 hour' from unnest(times) t)");
        assertThat(owner.post(resend, new JsonObject()).status()).isEqualTo(200);
    }

    @Test
    void anOrganizationSendsSoMany() {
        for (int i = 0; i < CountInvitation.MOST_OF_ORG; i++) {
            created(owner.post("/invitations", to("staff" + i + "@example.com")));
        }
        isTooMany(owner.post("/invitations", to("one.more@example.com")));
        isTooMany(owner.at(second.url()).post("/invitations", to("one.more@example.com")));
        created(other.post("/invitations", to("one.more@example.com")));
    }

    @Test
    void whatIsRefusedForSomethingElseIsNotCounted() {
        String email = "nowhere@example.com";
        JsonObject nowhere = to(email).put("projects", new JsonObject().put("nowhere", "member"));
        for (int i = 0; i < 2 * CountInvitation.MOST_TO_ADDRESS; i++) {
            isRefused(owner.post("/invitations", nowhere), 404, "PROJECT_NOT_FOUND");
            isRefused(owner.post("/invitations", to("owner@example.com")), 409, "MEMBER_EXISTS");
        }
        created(owner.post("/invitations", to(email)));
    }

    /** 64 at once, of two organizations at two nodes, to one address. */
    @Test
    void itIsExactHoweverManyAskAtOnce() {
        int rounds = Lane.count(1_000, 10);
        TreeMap<String, Integer> answers = new TreeMap<>();
        long violations = 0;
        for (int round = 0; round < rounds; round++) {
            forget();
            String email = "round" + round + "@example.com";
            List<CompletableFuture<Api.Answer>> asked = new ArrayList<>();
            for (int k = 0; k < PARALLEL; k++) {
                Api api = k % 2 == 0 ? owner : other;
                asked.add((k / 2 % 2 == 0 ? api : api.at(second.url()))
                        .sendLater("POST", "/invitations", to(email).encode()));
            }
            int sent = 0;
            for (CompletableFuture<Api.Answer> answer : asked) {
                Api.Answer got = answer.join();
                sent += got.status() == 201 ? 1 : 0;
                answers.merge(got.status() == 201 ? "201" : got.code(), 1, Integer::sum);
            }
            violations += sent == CountInvitation.MOST_TO_ADDRESS && mails() == sent ? 0 : 1;
        }
        Figures.print(new Figures.Line(
                "members",
                "invitations to one address, 64 at once, 2 organizations, 2 nodes",
                rounds,
                (long) rounds * PARALLEL,
                violations,
                "answers=" + answers));
        assertThat(violations).isZero();
    }
}
