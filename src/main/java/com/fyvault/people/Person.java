package com.fyvault.people;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in.
 *
 * @param sessionId the login
 * @param steppedUpAt when a second factor was last confirmed in this login, or null
 * @param cookie true for a browser's login, false for a program's token
 */
public record Person(
        UUID userId,
        String email,
        UUID sessionId,
        Instant signedInAt,
        @Nullable Instant steppedUpAt,
        boolean cookie) {}
