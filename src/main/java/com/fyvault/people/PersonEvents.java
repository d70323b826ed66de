package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.ClientAddress;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people did with their accounts, for good. */
public interface PersonEvents {
    /** What was done. */
    enum Action {
        SIGN_UP,
        VERIFY,
        LOGIN,
        LOGOUT,
        PASSWORD_FORGOT,
        PASSWORD_RESET,
        PASSWORD_CHANGE,
        FACTOR_ADD,
        FACTOR_REMOVE,
        STEP_UP,
        ORG_CREATE,
        /** Something that lets this person in was found in public, and ended. */
        LEAK_FOUND;

        /** The name as stored: {@code password_change}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing that was done, or refused.
     *
     * @param id the request's
     * @param userId null when it is nobody's account
     * @param details names and numbers, never a secret
     */
    record Event(
            UUID id,
            @Nullable UUID userId,
            Action action,
            boolean done,
            @Nullable UUID sessionId,
            ClientAddress address,
            @Nullable JsonObject details) {}

    Future<Void> add(Transaction transaction, Event event);

    /** The same by itself. */
    Future<Void> add(Event event);
}
