package com.fyvault.limits;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What was really admitted, by rule and window, and whether docs/LIMITS.md allows as much. */
final class LimiterLedger {
    /** A node that was ahead before it asked Redis for the time may count on in the window after this one. */
    static final long MOST_AHEAD = 1_000_000;

    /** Where a share came from. */
    private enum Source {
        REDIS,
        /** The node itself, which had asked Redis for the time before. */
        NODE,
        /** The node itself, by its wall clock. */
        NODE_BY_WALL
    }

    /** @param byWall a window of a node that never asked Redis for the time, which may be any */
    private record Key(String rule, long window, boolean byWall) {}

    /** One rule in one window. */
    private static final class Entry {
        private final Map<SimulatedNode, Long> unused = new HashMap<>();
        private final Set<SimulatedNode> alone = new HashSet<>();
        private int leastParts = Integer.MAX_VALUE;
        private boolean byRedis;
        private int flushes;
        private long admitted;

        /**
         * Redis admits the capacity, once more after each flush. Each node that was alone admits its part; but
         * not all of them do so beside a full Redis, as that would have been granted to one of them.
         */
        long most(Rule rule) {
            long part = alone.isEmpty() ? 0 : rule.share(leastParts);
            boolean oneWasGrantedAll = byRedis && flushes == 0 && alone.size() == unused.size();
            int parts = alone.size() - (oneWasGrantedAll && !alone.isEmpty() ? 1 : 0);
            return (byRedis ? rule.capacity() * (1 + flushes) : 0) + part * parts;
        }
    }

    private final LongSupplier redisMicros;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final IdentityHashMap<Grant, Source> sources = new IdentityHashMap<>();
    private @Nullable String violation;
    private int admitted;

    LimiterLedger(LongSupplier redisMicros) {
        this.redisMicros = redisMicros;
    }

    void granted(SimulatedNode node, Budget budget, Grant grant, int parts) {
        boolean byRedis = node.isAnswering();
        if (!byRedis && !node.hasJustFailed() && grant.amount() > 0) {
            broken("a node granted itself a share while Redis answered");
        }
        Source source = byRedis ? Source.REDIS : node.knowsRedisTime() ? Source.NODE : Source.NODE_BY_WALL;
        sources.put(grant, source);
        for (int i = 0; i < grant.windows().length && grant.amount() > 0; i++) {
            Entry entry = entry(budget.rules().get(i), grant.windows()[i], source);
            entry.byRedis |= byRedis;
            if (!byRedis) {
                entry.alone.add(node);
                entry.leastParts = Math.min(entry.leastParts, parts);
            }
            entry.unused.merge(node, grant.amount(), Long::sum);
        }
    }

    void gaveBack(SimulatedNode node, Budget budget, long[] windows, long amount) {
        for (int i = 0; i < windows.length; i++) {
            Entry entry = entry(budget.rules().get(i), windows[i], Source.REDIS);
            var _ = entry.unused.computeIfPresent(node, (key, unused) -> unused - amount);
        }
    }

    /** @param one 1, or -1 when it was put back */
    void admitted(SimulatedNode node, Budget budget, Grant grant, int one) {
        long redisNow = redisMicros.getAsLong();
        Source source = sources.getOrDefault(grant, Source.REDIS);
        admitted += one;
        for (int i = 0; i < grant.windows().length; i++) {
            Rule rule = budget.rules().get(i);
            long window = grant.windows()[i];
            Entry entry = entry(rule, window, source);
            entry.admitted += one;
            entry.unused.merge(node, (long) -one, Long::sum);
            if (one < 0) {
                continue;
            }
            if (entry.admitted > entry.most(rule)) {
                broken(rule.key() + " admitted " + entry.admitted + " of " + entry.most(rule) + " in window " + window);
            }
            long ahead = source == Source.REDIS ? 0 : MOST_AHEAD;
            boolean inside = window >= rule.window(redisNow) && window <= rule.window(redisNow + ahead);
            if (!inside && source != Source.NODE_BY_WALL) {
                broken(rule.key() + ": a share from " + source + " of window " + window + " was used in window "
                        + rule.window(redisNow));
            }
        }
    }

    void flushed(Rule rule, long window) {
        entry(rule, window, Source.REDIS).flushes++;
    }

    boolean wasFlushed(Rule rule, long window) {
        return entry(rule, window, Source.REDIS).flushes > 0;
    }

    long admitted(Rule rule, long window) {
        return entry(rule, window, Source.REDIS).admitted;
    }

    /** What other nodes hold and do not use. */
    long unusedBeside(SimulatedNode node, Rule rule, long window) {
        return entry(rule, window, Source.REDIS).unused.entrySet().stream()
                .filter(held -> held.getKey() != node)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    void broken(String what) {
        violation = violation == null ? what : violation;
    }

    @Nullable
    String violation() {
        return violation;
    }

    int admitted() {
        return admitted;
    }

    private Entry entry(Rule rule, long window, Source source) {
        Key key = new Key(rule.key(), window, source == Source.NODE_BY_WALL);
        return entries.computeIfAbsent(key, missing -> new Entry());
    }
}
