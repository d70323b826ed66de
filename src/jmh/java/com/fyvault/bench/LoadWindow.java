package com.fyvault.bench;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One stretch of load: hands due requests to free connections and keeps the counts. Runs on one event loop.
 *
 * <p>It ends when all that was due has been answered, or a bounded time after that: what is missing then counts as an
 * error, with the latency it had reached, so that a server does not look better for never answering.
 */
final class LoadWindow {
    /** The longest wait for late answers after the last request was due. */
    static final Duration DRAIN = Duration.ofSeconds(5);

    private static final long TICK_NANOS = 100_000;
    private static final long MAX_LATENCY_MICROS = TimeUnit.SECONDS.toMicros(1000);

    private final EventLoop loop;
    private final Pace pace;
    private final Histogram micros = new Histogram(MAX_LATENCY_MICROS, 3);
    private final Map<String, Long> errors = new TreeMap<>();
    private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final long startNanos;
    private List<LoadConnection> joined = List.of();
    private @Nullable Future<?> late;
    private long lastNanos;
    private long answered;
    private int inFlight;

    LoadWindow(EventLoop loop, Pace pace, long startNanos) {
        this.loop = loop;
        this.pace = pace;
        this.startNanos = startNanos;
        this.lastNanos = startNanos;
    }

    /** Takes the connections for this length of time. */
    void start(List<LoadConnection> connections, Duration length) {
        joined = connections;
        connections.forEach(connection -> connection.join(this));
        if (pace instanceof OpenPace open) {
            tick(open);
        }
        late = loop.schedule(this::giveUp, length.plus(DRAIN).toNanos(), TimeUnit.NANOSECONDS);
        var _ = loop.schedule(this::endIfDone, length.toNanos(), TimeUnit.NANOSECONDS);
    }

    CompletableFuture<Void> done() {
        return done;
    }

    /** A connection is free. */
    void offer(LoadConnection connection, long nowNanos) {
        long intended = pace.take(nowNanos);
        if (intended == Pace.NOT_DUE) {
            idle.add(connection);
        } else {
            inFlight++;
            connection.send(intended);
        }
    }

    void answered(LoadConnection connection, int status, long intendedNanos) {
        long now = System.nanoTime();
        record(now, intendedNanos);
        if (status == 200) {
            answered++;
        } else {
            error(Integer.toString(status), 1);
        }
        lastNanos = now;
        inFlight--;
        offer(connection, now);
        if (inFlight == 0) {
            endIfDone();
        }
    }

    void lost(LoadConnection connection, boolean wasInFlight, String cause) {
        idle.remove(connection);
        error(cause, 1);
        if (wasInFlight) {
            inFlight--;
            endIfDone();
        }
    }

    LoadResult result(String mode, double generatorMicros) {
        return new LoadResult(
                mode,
                answered,
                Map.copyOf(errors),
                (lastNanos - startNanos) / 1e9,
                new LoadResult.Latency(
                        millisAt(50), millisAt(90), millisAt(99), millisAt(99.9), micros.getMaxValue() / 1e3),
                generatorMicros);
    }

    long answered() {
        return answered;
    }

    /**
     * Sends what has become due. A timer for each request would cost more than the request, so due requests are looked
     * up every 100 microseconds at most; that wait is part of the latency shown.
     */
    private void tick(OpenPace open) {
        long now = System.nanoTime();
        while (!idle.isEmpty()) {
            long intended = open.take(now);
            if (intended == Pace.NOT_DUE) {
                break;
            }
            inFlight++;
            idle.remove().send(intended);
        }
        if (!open.exhausted(now) && !done.isDone()) {
            long wait = Math.max(TICK_NANOS, open.nextNanos() - now);
            var _ = loop.schedule(() -> tick(open), wait, TimeUnit.NANOSECONDS);
        }
    }

    private void record(long nowNanos, long intendedNanos) {
        micros.recordValue(Math.min((nowNanos - intendedNanos) / 1000, MAX_LATENCY_MICROS));
    }

    private void error(String cause, long count) {
        errors.merge(cause, count, Long::sum);
    }

    private void endIfDone() {
        if (inFlight == 0 && pace.exhausted(System.nanoTime()) && !done.isDone()) {
            end();
        }
    }

    private void giveUp() {
        long now = System.nanoTime();
        for (LoadConnection connection : joined) {
            if (connection.inFlight()) {
                record(now, connection.intendedNanos());
                error("timeout", 1);
            }
        }
        if (pace instanceof OpenPace open) {
            long intended = open.take(now);
            while (intended != Pace.NOT_DUE) {
                record(now, intended);
                error("unsent", 1);
                intended = open.take(now);
            }
        }
        lastNanos = now;
        end();
    }

    private void end() {
        if (late != null) {
            late.cancel(false);
        }
        joined.forEach(LoadConnection::leave);
        done.complete(null);
    }

    private double millisAt(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }
}
