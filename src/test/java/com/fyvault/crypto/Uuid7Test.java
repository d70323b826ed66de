package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Uuid7Test {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

    private final AtomicLong millis = new AtomicLong(NOW.toEpochMilli());
    private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new SecureRandom());
    private final Uuid7 pinned = new Uuid7(clock(), new SecureRandom());

    @Test
    void carriesTheTimeTheVersionAndTheVariant() {
        UUID id = pinned.next();
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void growsWhileTheClockStandsStillOrStepsBack() {
        UUID last = pinned.next();
        for (int i = 0; i < 100_000; i++) {
            millis.addAndGet(i % 1000 == 0 ? -90_000 : 0);
            UUID next = pinned.next();
            assertThat(next.toString()).isGreaterThan(last.toString());
            last = next;
        }
        millis.set(NOW.plusSeconds(3600).toEpochMilli());
        assertThat(pinned.next().getMostSignificantBits() >>> 16).isEqualTo(millis.get());
    }

    @Test
    void givesNoIdTwiceAndEachThreadARisingRow() throws InterruptedException, ExecutionException {
        int each = 100_000;
        Set<UUID> all = HashSet.newHashSet(4 * each);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<UUID[]> row : IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(() -> draw(each)))
                    .toList()) {
                UUID[] drawn = row.get();
                for (int i = 1; i < each; i++) {
                    assertThat(drawn[i].getMostSignificantBits()).isGreaterThan(drawn[i - 1].getMostSignificantBits());
                }
                all.addAll(Arrays.asList(drawn));
            }
        }
        System.out.printf("P-uuid7: faults 0, %,d ids by 4 threads, violations %d%n", 4 * each, 4 * each - all.size());
        assertThat(all).hasSize(4 * each);
    }

    private UUID[] draw(int count) {
        UUID[] drawn = new UUID[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = ids.next();
        }
        return drawn;
    }

    private Clock clock() {
        InstantSource source = () -> Instant.ofEpochMilli(millis.get());
        return source.withZone(ZoneOffset.UTC);
    }
}
