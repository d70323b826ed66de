package com.fyvault.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Several clients, each sending one request after the other, until told to stop or out of work. */
public final class Load implements AutoCloseable {
    private final List<Thread> clients = new ArrayList<>();
    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /**
     * One request and how it went.
     *
     * @param number which request it was, from 0
     * @param startNanos when it was sent, on the monotonic clock
     * @param answer null when the connection broke
     */
    public record Sample(int number, long startNanos, long endNanos, Api.@Nullable Answer answer) {
        public int status() {
            return answer == null ? 0 : answer.status();
        }

        public long nanos() {
            return endNanos - startNanos;
        }
    }

    private Load() {}

    /** Starts the clients; {@code request} sends request number n. */
    public static Load start(int clients, int most, IntFunction<Api.Answer> request) {
        Load load = new Load();
        AtomicInteger next = new AtomicInteger();
        for (int i = 0; i < clients; i++) {
            load.clients.add(Thread.ofVirtual().start(() -> {
                for (int n = next.getAndIncrement(); n < most && !load.stopped; n = next.getAndIncrement()) {
                    load.send(n, request);
                }
            }));
        }
        return load;
    }

    /** What has been answered so far. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Waits until every request is sent and answered. */
    public List<Sample> finish() {
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stop);
            }
        }
        return samples();
    }

    /** Sends nothing more, and waits for what is under way. */
    public List<Sample> stop() {
        stopped = true;
        return finish();
    }

    @Override
    public void close() {
        stopped = true;
    }

    private void send(int number, IntFunction<Api.Answer> request) {
        long start = System.nanoTime();
        Api.@Nullable Answer answer;
        try {
            answer = request.apply(number);
        } catch (RuntimeException broken) {
            answer = null;
        }
        samples.add(new Sample(number, start, System.nanoTime(), answer));
    }
}
