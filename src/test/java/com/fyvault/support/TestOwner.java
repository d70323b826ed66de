package com.fyvault.support;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The owner of a test server's organization as a person. Logs in when first asked for: a password takes its time. */
final class TestOwner {
    private static final String EMAIL = "owner@example.com";

    private @Nullable String token;

    /** A client with the owner's login, in which the second factor was confirmed just now. */
    synchronized Api in(TestServer server) {
        TestPeople people = new TestPeople(server);
        if (token == null) {
            people.givePassword(EMAIL);
            token = people.login(EMAIL);
        }
        people.stepUp(token, Duration.ZERO);
        return server.api(token);
    }
}
