package com.fyvault.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Shares counted in this process. For a node that is alone this is exact. For one that has lost Redis it
 * is the node's part of each limit, less what the node was granted in the window before: so the window in
 * which Redis goes admits at most capacity x (2 - 1/n) and later ones capacity + n.
 *
 * <p>The table of counters is bounded; one that is pushed out begins its window anew.
 */
class LocalLeases implements LeaseSource {
    private static final int MOST_COUNTERS = 500_000;
    /** Redis sets the clock back by no more than a call may take, but for the first time. */
    private static final long MOST_BACK_MICROS = 1_000_000;

    private final WindowClock clock;
    private final IntSupplier nodes;
    private final Cache<String, Tally> tallies =
            Caffeine.newBuilder().maximumSize(MOST_COUNTERS).build();

    /** @param nodes among how many nodes a limit is divided */
    LocalLeases(WindowClock clock, IntSupplier nodes) {
        this.clock = clock;
        this.nodes = nodes;
    }

    @Override
    public Future<Grant> lease(Budget budget, long waiting, long wanted) {
        return Future.succeededFuture(take(budget, waiting, wanted));
    }

    synchronized Grant take(Budget budget, long waiting, long wanted) {
        long now = clock.nowMicros();
        int parts = Math.max(1, nodes.getAsInt());
        List<Rule> rules = budget.rules();
        long[] windows = new long[rules.size()];
        long left = Long.MAX_VALUE;
        long ends = Long.MAX_VALUE;
        int tightest = 0;
        for (int i = 0; i < windows.length; i++) {
            Rule rule = rules.get(i);
            Tally tally = tally(rule);
            windows[i] = tally.enter(rule.window(now));
            long free = Math.max(0, rule.share(parts) - tally.granted());
            if (free < left) {
                left = free;
                tightest = i;
            }
            ends = Math.min(ends, rule.endMicros(windows[i]));
        }
        long amount = Math.min(left, Math.max(waiting, Math.min(wanted, left / 8)));
        for (int i = 0; i < windows.length; i++) {
            tally(rules.get(i)).addUntold(windows[i], amount);
        }
        long reset = clock.nanosAt(rules.get(tightest).endMicros(windows[tightest]));
        return new Grant(amount, clock.nanosAt(ends), tightest, left - amount, reset, windows);
    }

    @Override
    public synchronized void giveBack(Budget budget, long[] windows, long amount) {
        for (int i = 0; i < windows.length; i++) {
            tally(budget.rules().get(i)).takeBack(windows[i], amount);
        }
    }

    /**
     * Notes a share that Redis has granted, and that it has been told what was granted without it. What was
     * granted here since Redis was asked comes off the share.
     *
     * @return what is left of it
     */
    synchronized long granted(Budget budget, Grant grant, List<Untold> told) {
        long since = 0;
        for (int i = 0; i < told.size(); i++) {
            // Told of a window that it has not come to yet, Redis charges nothing.
            if (told.get(i).window() == grant.windows()[i]) {
                Tally tally = tally(budget.rules().get(i));
                tally.told(told.get(i).window(), told.get(i).amount());
                since = Math.max(since, tally.untoldIn(grant.windows()[i]));
            }
        }
        long amount = Math.max(0, grant.amount() - since);
        for (int i = 0; i < told.size(); i++) {
            Tally tally = tally(budget.rules().get(i));
            tally.add(grant.windows()[i], amount);
            tally.told(grant.windows()[i], grant.amount() - amount);
        }
        return amount;
    }

    /** For each rule what Redis does not know yet. */
    synchronized List<Untold> untold(Budget budget) {
        List<Untold> all = new ArrayList<>(budget.rules().size());
        for (Rule rule : budget.rules()) {
            Tally tally = tally(rule);
            all.add(new Untold(tally.enter(rule.window(clock.nowMicros())), tally.untold()));
        }
        return all;
    }

    /** So much was granted in a window that Redis was not asked for. */
    record Untold(long window, long amount) {}

    private Tally tally(Rule rule) {
        Tally tally = tallies.get(rule.key(), key -> new Tally());
        tally.forgetAfter(rule.window(clock.nowMicros() + MOST_BACK_MICROS));
        return tally;
    }
}
