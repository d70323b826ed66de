package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// HMAC-SHA256 over the fields of a row, so that whoever can write the database still cannot grant authority.
///
/// ```
/// byte[] seal = rowSeal.fields("credential").add(id).add(orgId).add(expiresAt).add(scopes).seal();
/// ```
///
/// Every field goes in as its kind and its content, each length-prefixed, the label first; null, empty and absent
/// differ, and so do
/// a text and a list of one text. The order of the fields is part of what is sealed.
public final class RowSeal {
    private final MacKey key;

    public RowSeal(MacKey key) {
        this.key = key;
    }

    /// Starts a row.
    ///
    /// @param label the kind of row; rows of different kinds never verify as one another
    public Row fields(String label) {
        return new Row(key).add(label);
    }

    /// The fields of one row, in order; for one thread and one use.
    public static final class Row {
        private static final byte NULL = 0;
        private static final byte UUID_KIND = 1;
        private static final byte LONG_KIND = 2;
        private static final byte TEXT = 3;
        private static final byte LIST = 4;
        private static final byte BYTES = 5;
        private static final byte BOOLEAN = 6;
        private static final byte INSTANT = 7;
        private static final long MICROS_A_SECOND = 1_000_000;

        private final MacKey key;
        private final Fields fields = new Fields(512);

        private Row(MacKey key) {
            this.key = key;
        }

        public Row add(@Nullable UUID value) {
            if (value == null) {
                return addNull();
            }
            fields.addByte(UUID_KIND);
            fields.add(value);
            return this;
        }

        public Row add(long value) {
            fields.addByte(LONG_KIND);
            fields.add(value);
            return this;
        }

        public Row add(@Nullable Long value) {
            return value == null ? addNull() : add(value.longValue());
        }

        public Row add(boolean value) {
            fields.addByte(BOOLEAN);
            fields.addByte((byte) (value ? 1 : 0));
            return this;
        }

        public Row add(@Nullable String value) {
            if (value == null) {
                return addNull();
            }
            fields.addByte(TEXT);
            fields.add(value.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        /// The texts in the order given: sort a set first.
        public Row add(@Nullable List<String> values) {
            if (values == null) {
                return addNull();
            }
            fields.addByte(LIST);
            fields.addInt(values.size());
            for (String value : values) {
                fields.add(value.getBytes(StandardCharsets.UTF_8));
            }
            return this;
        }

        public Row add(byte @Nullable [] value) {
            if (value == null) {
                return addNull();
            }
            fields.addByte(BYTES);
            fields.add(value);
            return this;
        }

        /// Microseconds since 1970, rounded down: PostgreSQL keeps no more, so a row read back seals the same.
        public Row add(@Nullable Instant value) {
            if (value == null) {
                return addNull();
            }
            long micros =
                    Math.addExact(Math.multiplyExact(value.getEpochSecond(), MICROS_A_SECOND), value.getNano() / 1000);
            fields.addByte(INSTANT);
            fields.add(micros);
            return this;
        }

        /// The seal, 32 bytes.
        public byte[] seal() {
            return key.mac(fields.array(), fields.length());
        }

        /// Whether `seal` is this row's; a false answer on stored data is an alarm.
        public boolean verify(byte[] seal) {
            return MessageDigest.isEqual(seal(), seal);
        }

        private Row addNull() {
            fields.addByte(NULL);
            return this;
        }
    }
}
