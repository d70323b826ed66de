package com.fyvault.credentials;

import com.fyvault.platform.http.Fields;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a key is to live, as a request says it: {@code expiresAt}, {@code expiresInDays}, or
 * {@code neverExpires: true}, one of them. An explicit null is an absent field everywhere, so only the
 * last one takes an expiry away.
 */
public record Lifetime(@Nullable Instant at, @Nullable Duration after, boolean never) {
    private static final int LONGEST_TIME = 64;
    private static final int MOST_DAYS = 3_650;

    static Lifetime parse(Fields body) {
        @Nullable String at = body.optionalText("expiresAt", LONGEST_TIME);
        @Nullable Long days = body.optionalNumber("expiresInDays", 1, MOST_DAYS);
        boolean never = Boolean.TRUE.equals(body.optionalFlag("neverExpires"));
        if ((at != null && days != null) || (never && (at != null || days != null))) {
            throw Fields.invalid("expiresAt", "excludes expiresInDays and neverExpires");
        }
        return new Lifetime(at == null ? null : time(at), days == null ? null : Duration.ofDays(days), never);
    }

    public boolean isGiven() {
        return at != null || after != null || never;
    }

    /** The moment of expiry, null for none; refused when it is not in the future. */
    public @Nullable Instant end(Instant now, Duration byDefault) {
        if (never) {
            return null;
        }
        if (at == null) {
            return now.plus(after == null ? byDefault : after);
        }
        if (!at.isAfter(now) || at.isAfter(now.plus(Duration.ofDays(MOST_DAYS)))) {
            throw Fields.invalid("expiresAt", "must be in the future, at most " + MOST_DAYS + " days from now");
        }
        return at;
    }

    private static Instant time(String text) {
        try {
            // PostgreSQL keeps microseconds, and the seal is over what is kept.
            return OffsetDateTime.parse(text)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toInstant()
                    .truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException malformed) {
            throw Fields.invalid("expiresAt", "must be a time such as 2030-01-31T12:00:00Z");
        }
    }
}
