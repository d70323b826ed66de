package com.fyvault.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The meters of a node, a bounded number, and who looks after shares that nobody uses. */
final class Meters {
    private static final Duration UNUSED = Duration.ofMinutes(10);

    private final Loops loops;
    private final LeaseSource source;
    private final long closedNanos;
    private final Cache<Budget, Meter> meters;
    private final Set<Meter> holding = ConcurrentHashMap.newKeySet();

    Meters(Loops loops, LeaseSource source, Duration closed, int most) {
        this.loops = loops;
        this.source = source;
        this.closedNanos = closed.toNanos();
        this.meters = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(UNUSED)
                .build();
    }

    Meter of(Budget budget) {
        return meters.get(budget, missing -> new Meter(loops, source, budget, closedNanos, holding::add));
    }

    @Nullable
    Meter known(Budget budget) {
        return meters.getIfPresent(budget);
    }

    /** Gives back what lies unused; to be called a few times a second. */
    void sweep() {
        long now = loops.nanoTime();
        holding.removeIf(meter -> meter.sweep(now));
        source.settle();
    }
}
