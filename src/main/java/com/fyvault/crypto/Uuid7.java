package com.fyvault.crypto;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// UUID version 7 (RFC 9562 section 5.7), ever increasing within one generator; make one a process.
///
/// `millis(48) | 7(4) | counter(12) | variant(2) | random(62)`. The counter starts each millisecond at a random 11-bit
/// number and counts up (section 6.2, method 1). When it runs over, or the clock stands still or steps back, the time
/// field runs ahead of the clock: order holds, the time in it is a hint. An identifier, never a secret.
public final class Uuid7 {
    private static final int COUNTER_BITS = 12;
    private static final long COUNTER_MASK = (1 << COUNTER_BITS) - 1;
    private static final long SEED_MASK = COUNTER_MASK >>> 1;
    private static final long VERSION = 0x7000;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_MASK = 0x3fff_ffff_ffff_ffffL;

    private final Clock clock;
    private final ThreadLocal<Pool> pools;
    /// millis << 12 | counter of the last one given out.
    private final AtomicLong last = new AtomicLong();

    public Uuid7(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.pools = ThreadLocal.withInitial(() -> new Pool(random));
    }

    /// The time in an id, to the millisecond.
    public static Instant time(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    public UUID next() {
        Pool pool = pools.get();
        long tick = tick(clock.millis(), pool);
        long high = (tick >>> COUNTER_BITS) << 16 | VERSION | (tick & COUNTER_MASK);
        return new UUID(high, VARIANT | (pool.next() & RANDOM_MASK));
    }

    private long tick(long millis, Pool pool) {
        long before = last.get();
        if (millis > before >>> COUNTER_BITS) {
            long fresh = millis << COUNTER_BITS | (pool.next() & SEED_MASK);
            if (last.compareAndSet(before, fresh)) {
                return fresh;
            }
        }
        return last.incrementAndGet();
    }

    /// Random numbers drawn from the source in blocks, since each draw costs a lock and a call into the system.
    private static final class Pool {
        private static final int SIZE = 64;

        private final SecureRandom random;
        private final byte[] block = new byte[SIZE * Long.BYTES];
        private int used = SIZE;

        private Pool(SecureRandom random) {
            this.random = random;
        }

        private long next() {
            if (used == SIZE) {
                random.nextBytes(block);
                used = 0;
            }
            return Fields.readLong(block, Long.BYTES * used++);
        }
    }
}
