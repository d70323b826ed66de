package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What strangers and other organizations do with the doors for leaks. */
class LeakAbuseIT extends LeakTest {
    /** It may be printed anywhere, so that it is in public says nothing; or anybody could end it. */
    @Test
    void aPublicKeyIsNoLeak() {
        JsonObject key =
                server.key(new JsonObject().put("label", "in every page").put("kind", "public"));
        String token = key.getString("token", key.getString("key"));
        assertThat(token).startsWith("fvpub_");
        assertThat(labels(report(token))).containsExactly("false_positive");
        String body = new JsonObject().put("token", token).encode();
        assertThat(server.api(null).send("POST", "//v1/leaks/report", body).status())
                .isEqualTo(202);
        assertThat(server.api(token).get("").status()).isEqualTo(200);
        assertThat(server.api().get("/notices").list()).isEmpty();
    }

    /** Whoever else stores what has leaked, and however often, keeps nobody from being told. */
    @Test
    void aValueThatSomebodyStoresAThousandTimesIsToldToTheOthersToo() {
        var victim = server.anotherOrg();
        Api there = server.api().in(victim.orgId().toString()).as(victim.key().exposeText());
        assertThat(there.post("/secrets", new JsonObject().put("name", "HIDDEN").put("value", STORED))
                        .status())
                .isEqualTo(201);
        TestProvider hider = TestProvider.register(server.api(), "hider");
        for (int batch = 0; batch < 11; batch++) {
            JsonArray items = new JsonArray();
            for (int i = 0; i < 100; i++) {
                items.add(TestProvider.item("COPY_" + batch + "_" + i, STORED, "production"));
            }
            assertThat(hider.api()
                            .post(hider.path() + "/push/batch", new JsonObject().put("items", items))
                            .data()
                            .getInteger("accepted"))
                    .isEqualTo(100);
        }
        assertThat(labels(report(STORED))).containsExactly("true_positive");
        assertThat(there.get("/notices").list()).hasSize(1);
        // As many of one organization as somebody can look at.
        assertThat(server.api().get("/notices").list()).hasSizeBetween(1, 100);
    }

    /** Strangers wait a second each; GitHub does not wait for them. */
    @Test
    void githubIsHeardWhileStrangersReport() throws InterruptedException {
        try (TestServer busy =
                TestServer.start(Map.of("leaks.github.keys", github.url(), "leaks.reports.minute", "0"))) {
            assertThat(github.report(busy, new JsonArray()).status()).isEqualTo(200);
            String body =
                    new JsonObject().put("token", "nothing of anybody here").encode();
            List<Thread> strangers = Stream.generate(() -> Thread.ofVirtual().start(() -> stranger(busy, body)))
                    .limit(100)
                    .toList();
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                refused += github.report(busy, new JsonArray().add(TestGithub.entry("text " + i)))
                                        .status()
                                == 200
                        ? 0
                        : 1;
            }
            for (Thread stranger : strangers) {
                stranger.join();
            }
            assertThat(refused).isZero();
        }
    }

    private static void stranger(TestServer busy, String body) {
        var _ = busy.api(null).send("POST", "//v1/leaks/report", body);
    }
}
