package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests that each have a server of their own, with a stored value, and somebody who reports to it as GitHub does. */
abstract class LeakTest {
    static final String STORED = "sk_stored_4eC39HqLyjWDarjtT1zdp7dc";

    TestGithub github;
    TestServer server;

    @BeforeEach
    final void start() {
        github = new TestGithub();
        server = TestServer.start(Map.of("leaks.github.keys", github.url()));
        server.createSecret("API_KEY", STORED);
    }

    @AfterEach
    final void stop() {
        server.close();
        github.close();
    }

    final Api.Answer report(String... tokens) {
        JsonArray entries = new JsonArray();
        Stream.of(tokens).map(TestGithub::entry).forEach(entries::add);
        return github.report(server, entries);
    }

    static List<String> labels(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonArray(answer.text())
                .stream().map(one -> ((JsonObject) one).getString("label")).toList();
    }
}
