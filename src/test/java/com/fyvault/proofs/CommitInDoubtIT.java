package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.PgProxy;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** T22: COMMIT went out, its answer was lost. The caller is told so, and repeating settles it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommitInDoubtIT {
    private PgProxy proxy;
    private TestServer server;

    @BeforeAll
    void start() {
        TestDatabase database = TestPostgres.shared().create();
        proxy = new PgProxy(database.server().port());
        server = TestServer.start(database, Map.of("postgres.port", Integer.toString(proxy.port())));
    }

    @AfterAll
    void stop() {
        server.close();
        proxy.close();
    }

    @Test
    void theSameKeyMakesExactlyOneVersion() {
        cut("retried with the same key", true);
    }

    @Test
    void withoutAKeyIfMatchNeverMakesASecondVersion() {
        cut("retried with If-Match alone", false);
    }

    private void cut(String what, boolean withKey) {
        String id = server.createSecret("DOUBT_" + withKey, "start");
        int rounds = Lane.count(300, 30);
        int before = proxy.cuts();
        List<String> wrong = new ArrayList<>();
        TreeMap<String, Integer> answers = new TreeMap<>();
        long version = 1;
        for (int round = 0; round < rounds; round++) {
            PgProxy.Cut cut = round % 2 == 0 ? PgProxy.Cut.AFTER_COMMIT : PgProxy.Cut.BEFORE_COMMIT;
            proxy.arm(cut);
            Api.Answer first = write(id, version, "v" + round, withKey ? "k" + round : null);
            Api.Answer second = write(id, version, "v" + round, withKey ? "k" + round : null);
            answers.merge(cut + " " + first.status() + "/" + second.status(), 1, Integer::sum);
            long stored = server.database().count("select count(*) from secret_version where secret_id = ?::uuid", id);
            boolean done = cut == PgProxy.Cut.AFTER_COMMIT;
            int expected = withKey || !done ? 200 : 412;
            boolean told = first.status() == 503 && first.code().equals("OUTCOME_UNKNOWN");
            if (!told || second.status() != expected || stored != version + 1) {
                wrong.add(cut + " " + first.text() + " " + second.text() + " stored " + stored + " of " + version);
            }
            version = stored;
        }
        Figures.print(new Figures.Line(
                "T22", "commit in doubt, " + what, proxy.cuts() - before, rounds * 2L, wrong.size(), "" + answers));
        assertThat(wrong).isEmpty();
        assertThat(proxy.cuts() - before).isEqualTo(rounds);
        assertThat(server.api().value("DOUBT_" + withKey)).isEqualTo("v" + (rounds - 1));
    }

    private Api.Answer write(String id, long version, String value, @Nullable String key) {
        JsonObject body = new JsonObject().put("value", value);
        String match = "\"" + version + "\"";
        return key == null
                ? server.api().patch("/secrets/" + id, body, "If-Match", match)
                : server.api().patch("/secrets/" + id, body, "If-Match", match, "Idempotency-Key", key);
    }
}
