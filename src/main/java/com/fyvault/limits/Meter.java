package com.fyvault.limits;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Admits the requests of one budget on this node. Nearly all take from the share that is at hand and wait
 * for nothing; one asks for the next share when a quarter is left. Those that find nothing wait, and share
 * one question. When a rule has nothing left that is remembered for a moment, so that a client that is
 * refused again and again costs no calls.
 */
final class Meter {
    /** A share lasts about so long, at the rate that was seen last. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private static final int MOST_WAITING = 10_000;
    private static final long PUT_BACK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Loops loops;
    private final LeaseSource source;
    private final Budget budget;
    private final CharSequence policy;
    private final long closedNanos;
    private final Consumer<Meter> onLease;
    private volatile @Nullable Lease current;
    private volatile @Nullable Grant exhausted;
    private volatile long closedUntil;
    // Guarded by this.
    private final ArrayDeque<Promise<Charge>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Lease> former = new ArrayDeque<>();
    private boolean asking;
    private long askedAt;
    private long takenSince;
    private long leftAtSweep = -1;

    /**
     * @param closedNanos how long it is remembered that nothing was left, at most until the window ends
     * @param onLease told when there is something to look after
     */
    Meter(Loops loops, LeaseSource source, Budget budget, long closedNanos, Consumer<Meter> onLease) {
        this.loops = loops;
        this.source = source;
        this.budget = budget;
        this.policy = HttpHeaders.createOptimized(budget.policy());
        this.closedNanos = closedNanos;
        this.onLease = onLease;
        this.closedUntil = loops.nanoTime();
        this.askedAt = closedUntil;
    }

    /** The charge, or null when nothing is at hand. */
    @Nullable
    Charge take() {
        @Nullable Lease lease = current;
        if (lease == null) {
            return null;
        }
        long before = lease.take(loops.nanoTime());
        if (before <= 0) {
            return null;
        }
        if (lease.isRenewal(before)) {
            ask();
        }
        return charge(lease);
    }

    /** The charge, after asking for a share if need be; refused when a rule has nothing left. */
    Future<Charge> charge() {
        Promise<Charge> mine = loops.promise();
        synchronized (this) {
            @Nullable Lease lease = current;
            if (lease != null && lease.take(loops.nanoTime()) > 0) {
                return Future.succeededFuture(charge(lease));
            }
            @Nullable Refusal closed = closed();
            if (closed != null || waiting.size() >= MOST_WAITING) {
                return Future.failedFuture(closed != null ? closed : Refusal.of(ErrorCode.OVERLOADED));
            }
            waiting.add(mine);
        }
        ask();
        return mine.future();
    }

    /** The refusal, while it is known that a rule has nothing left; else null. */
    @Nullable
    Refusal closed() {
        @Nullable Grant none = exhausted;
        return none == null || loops.nanoTime() - closedUntil >= 0 ? null : refusal(none);
    }

    /** Gives back what lies unused. True when there is nothing more to look after. */
    boolean sweep(long now) {
        List<Lease> idle = new ArrayList<>();
        synchronized (this) {
            @Nullable Lease lease = current;
            if (lease != null && (lease.isOver(now) || lease.left() == leftAtSweep)) {
                retire(lease, now);
                current = null;
                takenSince = 0;
            }
            leftAtSweep = current == null ? -1 : current.left();
            idle.addAll(former);
            former.removeIf(old -> now - old.formerSince() > PUT_BACK_NANOS);
        }
        for (Lease lease : idle) {
            long rest = lease.drain();
            if (rest > 0) {
                source.giveBack(budget, lease.grant().windows(), rest);
            }
        }
        synchronized (this) {
            return current == null && former.isEmpty() && waiting.isEmpty();
        }
    }

    private void ask() {
        long wait;
        long want;
        synchronized (this) {
            if (asking) {
                return;
            }
            asking = true;
            wait = waiting.size();
            long now = loops.nanoTime();
            // What was taken since the last time says how much will be needed; nothing is known of the first share.
            long elapsed = Math.max(TimeUnit.MILLISECONDS.toNanos(1), now - askedAt);
            @Nullable Lease lease = current;
            long taken = takenSince - (lease == null ? 0 : lease.left());
            want = Math.max(wait, (long) ((double) Math.max(0, taken) * AHEAD_NANOS / elapsed)) + 1;
            askedAt = now;
            takenSince = lease == null ? 0 : lease.left();
        }
        source.lease(budget, wait, want).onComplete(this::answered);
    }

    private void answered(AsyncResult<Grant> answer) {
        List<Runnable> told = new ArrayList<>();
        boolean again;
        synchronized (this) {
            asking = false;
            if (answer.failed()) {
                waiting.forEach(promise -> told.add(() -> promise.fail(answer.cause())));
                waiting.clear();
            } else {
                use(answer.result(), told);
            }
            again = !waiting.isEmpty();
        }
        told.forEach(Runnable::run);
        if (again) {
            ask();
        }
    }

    private void use(Grant grant, List<Runnable> told) {
        @Nullable Lease before = current;
        if (grant.amount() > 0) {
            takenSince += grant.amount();
            long carried = 0;
            if (before != null) {
                boolean same = java.util.Arrays.equals(before.grant().windows(), grant.windows());
                carried = same ? before.drain() : 0;
                retire(before, loops.nanoTime());
            }
            current = new Lease(grant, grant.amount() + carried);
            exhausted = null;
            onLease.accept(this);
        }
        while (!waiting.isEmpty()) {
            @Nullable Lease lease = current;
            if (lease == null || lease.take(loops.nanoTime()) <= 0) {
                break;
            }
            Promise<Charge> served = waiting.remove();
            told.add(() -> served.complete(charge(lease)));
        }
        // Nothing may have been granted because nobody waited: then there is still something left.
        if (grant.amount() == 0 && grant.left() == 0) {
            long now = loops.nanoTime();
            closedUntil = now + Math.min(closedNanos, Math.max(0, grant.resetNanos() - now));
            exhausted = grant;
            Refusal refusal = refusal(grant);
            waiting.forEach(promise -> told.add(() -> promise.fail(refusal)));
            waiting.clear();
        }
    }

    private void retire(Lease lease, long now) {
        lease.retire(now);
        former.add(lease);
    }

    private Charge charge(Lease lease) {
        return new Charge(
                lease, policy, budget.rules().get(lease.grant().tightest()).policy());
    }

    private Refusal refusal(Grant none) {
        long seconds = Charge.seconds(none.resetNanos() - loops.nanoTime());
        Rule rule = budget.rules().get(none.tightest());
        return Refusal.of(ErrorCode.RATE_LIMITED)
                .withHeaders(Map.of(
                        "retry-after",
                        Long.toString(seconds),
                        Charge.POLICY.toString(),
                        policy.toString(),
                        Charge.LIMIT.toString(),
                        Charge.limit(rule.policy(), 0, seconds).toString()));
    }
}
