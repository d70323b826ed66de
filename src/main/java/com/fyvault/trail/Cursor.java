package com.fyvault.trail;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place in the trail. One request may leave several events, one for each value of a bulk read, so
 * its id alone is none.
 *
 * @param atMicros microseconds since 1970
 * @param secretId of an event without a secret, zero
 */
record Cursor(UUID eventId, long atMicros, UUID secretId) {
    static final UUID NO_SECRET = new UUID(0, 0);
    private static final int BYTES = 40;
    private static final int TEXT = 54;

    /** The text that a client gets and sends back. */
    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putLong(eventId.getMostSignificantBits())
                .putLong(eventId.getLeastSignificantBits())
                .putLong(atMicros)
                .putLong(secretId.getMostSignificantBits())
                .putLong(secretId.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** The place of a text, or null when it is not one that {@link #text} made. */
    static @Nullable Cursor parse(String text) {
        if (text.length() != TEXT) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            UUID event = new UUID(bytes.getLong(), bytes.getLong());
            return new Cursor(event, bytes.getLong(), new UUID(bytes.getLong(), bytes.getLong()));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
