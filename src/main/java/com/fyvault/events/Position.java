package com.fyvault.events;

import com.fyvault.crypto.Uuid7;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place in an organization's events: what is after it has not been told. In the order of PostgreSQL, which compares ids
 * byte by byte.
 *
 * @param tx the transaction, as PostgreSQL numbers them
 */
public record Position(long tx, UUID eventId) implements Comparable<Position> {
    private static final int BYTES = 3 * Long.BYTES;
    private static final int TEXT = BYTES * 4 / 3;

    /** Before everything of every transaction from this one on, at a time. */
    static Position before(long tx, Instant at) {
        return new Position(tx - 1, new UUID(at.toEpochMilli() << 16 | 0xffff, -1));
    }

    /** The place of a text that {@link #text} has made, or null. */
    public static @Nullable Position parse(String text) {
        if (text.length() != TEXT) {
            return null;
        }
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(text);
            if (decoded.length != BYTES) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.wrap(decoded);
            Position position = new Position(bytes.getLong(), new UUID(bytes.getLong(), bytes.getLong()));
            return position.tx >= 0 ? position : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** What a client keeps and sends back. Nothing is to be read in it. */
    public String text() {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(tx)
                .putLong(eventId.getMostSignificantBits())
                .putLong(eventId.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** When it was, to what the clock of a node was right. */
    Instant at() {
        return Uuid7.time(eventId);
    }

    @Override
    public int compareTo(Position other) {
        int byTx = Long.compare(tx, other.tx);
        if (byTx != 0) {
            return byTx;
        }
        int high = Long.compareUnsigned(eventId.getMostSignificantBits(), other.eventId.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(eventId.getLeastSignificantBits(), other.eventId.getLeastSignificantBits());
    }
}
