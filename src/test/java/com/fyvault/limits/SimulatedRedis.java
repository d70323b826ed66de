package com.fyvault.limits;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code lease.lua} and {@code giveback.lua} do, each in one step; {@link SimulatedRedisIT} compares the two. */
final class SimulatedRedis {
    private record Counter(long window, long used) {}

    private record Charged(String key, long window, long used, long debt) {}

    private final Map<String, Counter> counters = new HashMap<>();
    private final Set<LimiterSafeguard> on;

    SimulatedRedis(Set<LimiterSafeguard> on) {
        this.on = on;
    }

    long[] lease(long now, List<String> keys, List<String> arguments) {
        long waiting = Long.parseLong(arguments.get(0));
        long wanted = Long.parseLong(arguments.get(1));
        long[] answer = new long[6 + keys.size()];
        Charged[] charged = new Charged[keys.size()];
        long left = Long.MAX_VALUE;
        long ends = on.contains(LimiterSafeguard.SHORTEST_WINDOW) ? Long.MAX_VALUE : 0;
        for (int i = 0; i < charged.length; i++) {
            long[] rule = arguments.subList(2 + 4 * i, 6 + 4 * i).stream()
                    .mapToLong(Long::parseLong)
                    .toArray();
            long length = rule[1] * 1_000;
            charged[i] = enter(keys.get(i), now / length, rule);
            long over = (charged[i].window() + 1) * length;
            long free = Math.max(0, rule[0] - charged[i].used());
            boolean counts = i == 0 || on.contains(LimiterSafeguard.ALL_RULES_AT_ONCE);
            if (counts && free < left) {
                left = free;
                answer[3] = i + 1L;
                answer[5] = over;
            }
            ends = on.contains(LimiterSafeguard.SHORTEST_WINDOW) ? Math.min(ends, over) : Math.max(ends, over);
        }
        long ahead = on.contains(LimiterSafeguard.EXACT_NEAR_THE_LIMIT) ? Math.min(wanted, left / 8) : wanted;
        answer[0] = Math.min(left, Math.max(waiting, ahead));
        answer[1] = now;
        answer[2] = ends;
        answer[4] = left - answer[0];
        for (int i = 0; i < charged.length; i++) {
            Charged rule = charged[i];
            if (answer[0] > 0 || rule.debt() > 0) {
                counters.put(rule.key(), new Counter(rule.window(), rule.used() + answer[0]));
            }
            answer[6 + i] = rule.window();
        }
        return answer;
    }

    /** @param rule its capacity, length, and the window and amount that the node owes */
    private Charged enter(String key, long current, long[] rule) {
        Counter stored = counters.getOrDefault(key, new Counter(-1, 0));
        long window = Math.max(current, stored.window());
        long used = stored.window() == window ? stored.used() : 0;
        long debt = rule[2] == window ? rule[3] : 0;
        return new Charged(key, window, used + debt, debt);
    }

    long[] giveBack(List<String> keys, List<String> arguments) {
        long taken = 0;
        for (int i = 0; i < keys.size(); i++) {
            Counter stored = counters.get(keys.get(i));
            boolean any = !on.contains(LimiterSafeguard.GIVE_BACK_TO_THE_SAME_WINDOW);
            if (stored != null && (any || stored.window() == Long.parseLong(arguments.get(1 + i)))) {
                long rest = Math.max(0, stored.used() - Long.parseLong(arguments.get(0)));
                counters.put(keys.get(i), new Counter(stored.window(), rest));
                taken++;
            }
        }
        return new long[] {taken};
    }

    /** What is counted of a rule in a window. */
    long used(String key, long window) {
        Counter stored = counters.get(key);
        return stored != null && stored.window() == window ? stored.used() : 0;
    }

    void flush() {
        counters.clear();
    }
}
