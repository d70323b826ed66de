package com.fyvault.factors;

import com.fyvault.crypto.ConstantTime;
import com.fyvault.crypto.RowSeal;
import com.fyvault.factors.PasskeyRefused.Reason;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an authenticator is asked to sign: 128 random bits, the database's time, and a MAC over both and over what it
/// is good for.
///
/// So nothing is stored when a challenge is given out, and a stranger who asks for many fills no table. A row is
/// written when one has been answered rightly, and a second answer finds it there.
record Challenge(byte[] bytes, Instant issuedAt) {
    static final Duration LIFE = Duration.ofMinutes(5);

    private static final int RANDOM = 16;
    private static final int MAC = 32;
    private static final int LENGTH = RANDOM + Long.BYTES + MAC;

    /// What a challenge is good for.
    enum Use {
        REGISTER,
        LOGIN,
        STEP_UP
    }

    /// What it is tied to.
    ///
    /// @param session the login in which it was asked for; null when there is none yet
    record Tie(Use use, @Nullable UUID session) {}

    /// Makes and knows challenges.
    static final class Source {
        private final RowSeal seals;
        private final SecureRandom random;

        Source(RowSeal seals, SecureRandom random) {
            this.seals = seals;
            this.random = random;
        }

        Challenge issue(Tie tie, Instant now) {
            byte[] drawn = new byte[RANDOM];
            random.nextBytes(drawn);
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
            byte[] bytes = ByteBuffer.allocate(LENGTH)
                    .put(drawn)
                    .putLong(micros)
                    .put(mac(tie, drawn, micros))
                    .array();
            return new Challenge(bytes, now);
        }

        /// One that was issued for this use and this login.
        ///
        /// @throws PasskeyRefused CHALLENGE for any other
        Challenge known(byte[] bytes, Tie tie) {
            if (bytes.length != LENGTH) {
                throw new PasskeyRefused(Reason.CHALLENGE);
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            byte[] drawn = new byte[RANDOM];
            byte[] mac = new byte[MAC];
            long micros = buffer.get(drawn).getLong();
            var _ = buffer.get(mac);
            if (!ConstantTime.equal(mac(tie, drawn, micros), mac)) {
                throw new PasskeyRefused(Reason.CHALLENGE);
            }
            return new Challenge(bytes, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        }

        private byte[] mac(Tie tie, byte[] drawn, long micros) {
            return seals.fields("challenge.1")
                    .add(tie.use().name())
                    .add(tie.session())
                    .add(drawn)
                    .add(micros)
                    .seal();
        }
    }

    /// By the database's clock.
    boolean isOver(Instant now) {
        return !now.isBefore(issuedAt.plus(LIFE));
    }
}
