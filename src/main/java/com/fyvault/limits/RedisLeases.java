package com.fyvault.limits;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shares counted by Redis for all nodes. When it does not answer in time the node goes on with its own
 * part of the limit, and tells Redis of it later; a share whose answer was lost is lost with it.
 */
final class RedisLeases implements LeaseSource {
    private static final int MOST_OWING = 100_000;
    private static final int TOLD_AT_ONCE = 100;

    private final Loops loops;
    private final Counters counters;
    private final LocalLeases local;
    private final WindowClock clock;
    /** Rules by which something was granted that Redis does not know. */
    private final Set<Rule> owing = ConcurrentHashMap.newKeySet();

    RedisLeases(Loops loops, Counters counters, LocalLeases local, WindowClock clock) {
        this.loops = loops;
        this.counters = counters;
        this.local = local;
        this.clock = clock;
    }

    @Override
    public Future<Grant> lease(Budget budget, long waiting, long wanted) {
        if (!counters.isUp()) {
            return alone(budget, waiting, wanted);
        }
        List<LocalLeases.Untold> untold = local.untold(budget);
        List<String> arguments = new ArrayList<>(2 + 4 * untold.size());
        arguments.add(Long.toString(waiting));
        arguments.add(Long.toString(wanted));
        for (int i = 0; i < untold.size(); i++) {
            Rule rule = budget.rules().get(i);
            arguments.add(Long.toString(rule.capacity()));
            arguments.add(Long.toString(rule.windowMillis()));
            arguments.add(Long.toString(untold.get(i).window()));
            arguments.add(Long.toString(untold.get(i).amount()));
        }
        long sent = loops.nanoTime();
        return counters.lease(keys(budget), arguments).transform(done -> {
            if (done.failed()) {
                return alone(budget, waiting, wanted);
            }
            Grant grant = grant(done.result(), sent);
            return Future.succeededFuture(grant.cutTo(local.granted(budget, grant, untold)));
        });
    }

    /** Each rule by itself: a share of nothing, which is charged with what is owed. */
    @Override
    public void settle() {
        if (!counters.isUp() || owing.isEmpty()) {
            return;
        }
        owing.stream()
                .filter(this::stillOwes)
                .limit(TOLD_AT_ONCE)
                .toList()
                .forEach(rule -> lease(new Budget(List.of(rule)), 0, 0).onComplete(told -> {}));
    }

    private boolean stillOwes(Rule rule) {
        boolean owes = owes(rule);
        if (!owes) {
            owing.remove(rule);
            // Something may have been granted in between, and found it in the set.
            if (owes(rule)) {
                owing.add(rule);
            }
        }
        return owes;
    }

    private boolean owes(Rule rule) {
        return local.untold(new Budget(List.of(rule))).getFirst().amount() > 0;
    }

    private Future<Grant> alone(Budget budget, long waiting, long wanted) {
        Future<Grant> share = local.lease(budget, waiting, wanted);
        if (owing.size() < MOST_OWING) {
            owing.addAll(budget.rules());
        }
        return share;
    }

    @Override
    public void giveBack(Budget budget, long[] windows, long amount) {
        local.giveBack(budget, windows, amount);
        List<String> arguments = new ArrayList<>(1 + windows.length);
        arguments.add(Long.toString(amount));
        for (long window : windows) {
            arguments.add(Long.toString(window));
        }
        // Lost when Redis is away: then fewer are admitted, never more.
        var _ = counters.giveBack(keys(budget), arguments);
    }

    private Grant grant(long[] answer, long sent) {
        long now = answer[1];
        clock.adopt(now, sent);
        // Redis read its clock after the call was sent: counted from there, no share outlives its window.
        return new Grant(
                answer[0],
                sent + (answer[2] - now) * 1_000,
                (int) answer[3] - 1,
                answer[4],
                sent + (answer[5] - now) * 1_000,
                Arrays.copyOfRange(answer, 6, answer.length));
    }

    private List<String> keys(Budget budget) {
        return budget.rules().stream().map(Rule::key).toList();
    }
}
