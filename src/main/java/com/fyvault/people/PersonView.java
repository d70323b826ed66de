package com.fyvault.people;

import com.fyvault.tokens.ClientAddress;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** People and their logins, as they see them. */
final class PersonView {
    private PersonView() {}

    static JsonObject of(Account account) {
        return new JsonObject()
                .put("userId", account.userId().toString())
                .put("email", account.mailbox())
                .put("name", account.name())
                .put("verified", account.verifiedAt() != null)
                .put("hasPassword", account.passwordHash() != null);
    }

    /** @param current the login that asks */
    static JsonObject of(LoginSession session, UUID current) {
        @Nullable ClientAddress address = session.address();
        return new JsonObject()
                .put("id", session.id().toString())
                .put("current", session.id().equals(current))
                .put("kind", session.cookie() ? "browser" : "program")
                .put("signedInAt", session.signedInAt().toString())
                .put("lastSeenAt", session.lastSeenAt().toString())
                .put("expiresAt", session.expiresAt().toString())
                .put(
                        "steppedUpAt",
                        session.steppedUpAt() == null
                                ? null
                                : session.steppedUpAt().toString())
                .put("address", address == null ? null : ClientAddress.text(address.bytes()))
                .put("agent", session.agent());
    }
}
