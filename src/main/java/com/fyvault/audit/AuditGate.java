package com.fyvault.audit;

import com.fyvault.platform.config.AuditSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.http.ReleaseWindow;
import com.fyvault.platform.postgres.StoreFailure;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No answer without its record, and no answer on authority that has gone: requests hand in their
 * record and leave only when the gate says so.
 *
 * <p>Records that come close together share one statement, which is one commit and one flush to
 * disk, and most of what a commit costs does not depend on how many share it. So a batch leaves when
 * it is full, when its first record has waited for the gathering time, or, if no other batch is under
 * way, when none has come for a moment: a lone request waits for little more than the disk, and a
 * busy node pays for few commits. One gate belongs to one event loop: it takes no lock, and its
 * answers run where the requests run.
 *
 * <p>When PostgreSQL does not answer the gate shuts: first at the door, when the oldest record has
 * waited too long, then for those inside. It drops nothing and releases nothing.
 */
public final class AuditGate {
    private static final Logger LOG = LoggerFactory.getLogger(AuditGate.class);

    private final EventLoop loop;
    private final AuditWriter writer;
    private final AuditSettings settings;
    private final GateMetrics metrics;
    private final ReleaseWindow window;
    final Folding folding = new Folding();
    private List<AuditRecord> records = new ArrayList<>();
    private List<Settlement> settlements = new ArrayList<>();
    private long gatheringSince;
    private long lastCame;
    private boolean timerSet;
    private int recordsUnderWay;
    // When each batch under way was sent, the oldest first: answers come in that order.
    private final ArrayDeque<Long> sentTimes = new ArrayDeque<>();

    /** Belongs to the event loop that it is made on, as the window does. */
    public AuditGate(
            Vertx vertx, AuditWriter writer, AuditSettings settings, GateMetrics metrics, ReleaseWindow window) {
        this.loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
        this.writer = writer;
        this.settings = settings;
        this.metrics = metrics;
        this.window = window;
    }

    /** Refuses at the door, before any key work, while records wait too long. */
    public void checkDoor() {
        int waiting = records.size() + recordsUnderWay;
        long oldest = sentTimes.isEmpty() ? gatheringSince : sentTimes.getFirst();
        boolean tooOld =
                waiting > 0 && System.nanoTime() - oldest > settings.maxWait().toNanos();
        if (waiting >= settings.maxQueue() || tooOld) {
            throw Refusal.of(ErrorCode.OVERLOADED);
        }
    }

    /** Hands in a record. The settlement runs later, on this event loop. */
    public void submit(AuditRecord record, Settlement settlement) {
        add(folding.fold(record) ? record.fold() : record, settlement);
    }

    void add(AuditRecord record, Settlement settlement) {
        assert loop.inEventLoop() : "a gate belongs to its event loop";
        lastCame = System.nanoTime();
        if (records.isEmpty()) {
            gatheringSince = lastCame;
        }
        records.add(record);
        settlements.add(settlement);
        if (records.size() >= settings.batchSize()) {
            send();
        } else if (!timerSet) {
            wakeIn(Math.min(settings.gatherNanos(), settings.quietNanos()));
        }
    }

    private void wakeIn(long nanos) {
        timerSet = true;
        var _ = loop.schedule(this::wake, nanos, TimeUnit.NANOSECONDS);
    }

    private void wake() {
        timerSet = false;
        sendIfDue();
    }

    private void sendIfDue() {
        if (records.isEmpty()) {
            return;
        }
        long full = gatheringSince + settings.gatherNanos();
        long quiet = sentTimes.isEmpty() ? lastCame + settings.quietNanos() : full;
        long wait = Math.min(full, quiet) - System.nanoTime();
        if (wait <= 0) {
            send();
        } else if (!timerSet) {
            wakeIn(wait);
        }
    }

    private void send() {
        List<AuditRecord> batch = records;
        List<Settlement> waiting = settlements;
        records = new ArrayList<>(batch.size() + 8);
        settlements = new ArrayList<>(batch.size() + 8);
        long sent = System.nanoTime();
        sentTimes.addLast(sent);
        recordsUnderWay += batch.size();
        writer.write(batch)
                .timeout(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(done -> {
                    assert loop.inEventLoop() : "a gate belongs to its event loop";
                    sentTimes.remove(sent);
                    recordsUnderWay -= batch.size();
                    if (done.succeeded()) {
                        settle(waiting, done.result(), sent);
                    } else {
                        fail(waiting, done.cause());
                    }
                    sendIfDue();
                });
    }

    private void settle(List<Settlement> waiting, Verdict[] verdicts, long sent) {
        metrics.settled(verdicts);
        for (int i = 0; i < verdicts.length; i++) {
            window.open(sent + settings.releaseDeadline().toNanos());
            Verdict verdict = verdicts[i].releases() && window.isOver() ? Verdict.LATE : verdicts[i];
            if (!verdict.releases()) {
                window.shut(); // A refusal rests on nothing, and may leave late.
            }
            try {
                waiting.get(i).settled(verdict);
            } catch (RuntimeException bug) {
                // One request's bug must not leave the others of its batch without an answer.
                LOG.atError().setCause(StoreFailure.scrub(bug)).log("release failed");
                waiting.get(i).failed(bug);
            }
        }
        window.shut();
    }

    private void fail(List<Settlement> waiting, Throwable cause) {
        LOG.atWarn()
                .addKeyValue("records", waiting.size())
                .addKeyValue("cause", StoreFailure.describe(cause))
                .log("audit unavailable");
        metrics.failed(waiting.size());
        if (cause instanceof TimeoutException) {
            writer.reset();
        }
        for (Settlement settlement : waiting) {
            settlement.failed(Refusal.of(ErrorCode.AUDIT_UNAVAILABLE));
        }
    }
}
