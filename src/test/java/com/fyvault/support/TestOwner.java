package com.fyvault.support;

import com.fyvault.crypto.RowSeal;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The owner of a test server's organization as a person. Logs in when first asked for: a password takes its time. */
final class TestOwner {
    private static final String EMAIL = "owner@example.com";
    private static @Nullable String hash;

    private @Nullable String token;

    /** A client with the owner's login, in which the second factor was confirmed just now. */
    synchronized Api in(TestServer server) {
        TestPeople people = new TestPeople(server);
        if (token == null) {
            givePassword(server);
            token = people.login(EMAIL);
        }
        people.stepUp(token, Duration.ZERO);
        return server.api(token);
    }

    private static void givePassword(TestServer server) {
        String known = hash();
        UUID id = (UUID) server.database()
                .query("select user_id from account where email = ?", EMAIL)
                .get(0)
                .get("user_id");
        byte[] seal = new RowSeal(server.subKeys().rowSeal())
                .fields("password.1")
                .add(id)
                .add(known)
                .seal();
        server.database()
                .execute(
                        "update account set password_hash = ?, password_seal = ?, verified_at = now() where user_id = ?",
                        known,
                        seal,
                        id);
    }

    private static synchronized String hash() {
        if (hash == null) {
            hash = TestPeople.hash();
        }
        return hash;
    }
}
