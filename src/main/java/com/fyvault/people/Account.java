package com.fyvault.people;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person as the installation knows them.
 *
 * @param email the key of their address
 * @param mailbox where mail to them goes
 * @param passwordHash a PHC string; null when they have no password yet
 */
public record Account(
        UUID userId,
        String email,
        String mailbox,
        @Nullable String name,
        @Nullable String passwordHash,
        @Nullable Instant verifiedAt,
        @Nullable Instant deactivatedAt) {

    public boolean isActive() {
        return deactivatedAt == null;
    }

    @Override
    public String toString() {
        return "Account[" + userId + "]";
    }
}
