package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A key is revoked and edited as fast with any number of sessions below it: minting cannot put it off. */
class ManySessionsIT extends ServerTest {
    private static final int SAMPLE = 40;
    private static final String PATH = "/secrets/by-name/HOT/value";

    private TestServer other;

    @BeforeAll
    void prepare() {
        other = server.secondNode();
        server.createSecret("HOT", "value");
    }

    @AfterAll
    void stop() {
        other.close();
    }

    @Test
    void oneChangeOfTheKeyActsOnAllOfThemAndWritesOneRow() {
        int sessions = Lane.count(200_000, 20_000);
        JsonObject key = server.key(new JsonObject().put("label", "minter"));
        String id = key.getString("id");
        List<Api> sample = sample(server.api(key.getString("key")));
        crowd(id, sessions);
        String path = "/api-keys/" + id;
        Api person = server.person();
        // Its first request makes the login's own credential, which is none of this.
        assertThat(person.get("/api-keys?limit=1").status()).isEqualTo(200);

        List<Integer> wrong = new ArrayList<>(statusesOtherThan(200, sample));
        long narrowed = timed(() -> server.api().patch(path, ranges("10.0.0.0/8")), id);
        wrong.addAll(statusesOtherThan(403, sample));
        long widened = timed(() -> person.patch(path, ranges("127.0.0.0/8")), id);
        wrong.addAll(statusesOtherThan(200, sample));
        long revoked = timed(() -> server.api().delete(path), id);
        wrong.addAll(statusesOtherThan(401, sample));

        Figures.print(new Figures.Line(
                "T14",
                "a key with many sessions",
                3,
                sessions,
                wrong.size(),
                "narrowed in " + narrowed + "ms widened in " + widened + "ms revoked in " + revoked + "ms"));
        assertThat(wrong).isEmpty();
        assertThat(server.api().get("/access-tokens?limit=10").list()).isEmpty();
    }

    private List<Api> sample(Api parent) {
        List<Api> sample = new ArrayList<>();
        for (int i = 0; i < SAMPLE; i++) {
            String token =
                    parent.post("/access-tokens", new JsonObject()).data().getString("token");
            sample.add(server.api(token));
            sample.add(other.api(token));
        }
        return sample;
    }

    /** Rows like the last session's, each with a token of its own. */
    private void crowd(String key, int sessions) {
        int added = server.database().execute("""
                insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, parent_id,
                                        parent_token, created_by, created_at, expires_at, changed_epoch, seal)
                select c.org_id, gen_random_uuid(), sha256(n::text::bytea), c.kind, c.label, c.last4, c.scopes,
                       c.parent_id, c.parent_token, c.created_by, c.created_at, c.expires_at, c.changed_epoch, c.seal
                  from (select * from credential where parent_id = ? order by credential_id desc limit 1) c,
                       generate_series(1, ?) n
                """, UUID.fromString(key), sessions);
        assertThat(added).isEqualTo(sessions);
    }

    private interface Change {
        Api.Answer send();
    }

    /** How long it took, in milliseconds. */
    private long timed(Change change, String key) {
        long start = System.nanoTime();
        Api.Answer answer = change.send();
        long took = (System.nanoTime() - start) / 1_000_000;
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        long written = server.database()
                .count(
                        "select count(*) from credential"
                                + " where xmin = (select k.xmin from credential k where k.credential_id = ?)",
                        UUID.fromString(key));
        assertThat(written).as("rows of credentials that the change wrote").isOne();
        return took;
    }

    private static List<Integer> statusesOtherThan(int expected, List<Api> clients) {
        return clients.stream()
                .map(client -> client.get(PATH).status())
                .filter(status -> status != expected)
                .toList();
    }

    private static JsonObject ranges(String range) {
        return new JsonObject().put("ipAllowlist", new JsonArray().add(range));
    }
}
