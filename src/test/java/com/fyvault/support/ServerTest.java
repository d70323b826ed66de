package com.fyvault.support;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * A class of tests that share one server, which starts before the first and stops after the last. What a subclass
 * prepares in a {@code @BeforeAll} of its own finds the server running, and so does what it takes down afterwards.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServerTest {
    protected TestServer server;
    /** The owner of the organization as a client: every scope. */
    protected Api owner;

    /** Settings that the server has besides those of every test. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** A client with a key of its own; the body says what the key may. */
    protected final Api withKey(JsonObject body) {
        return owner.as(server.key(body.put("label", "maker")).getString("key"));
    }

    /** The owner in person, who may make, widen and roll keys. */
    protected final Api person() {
        return server.person();
    }

    @BeforeAll
    final void startServer() {
        server = TestServer.start(settings());
        owner = server.api();
    }

    @AfterAll
    final void stopServer() {
        server.close();
    }
}
