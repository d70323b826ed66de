package com.fyvault.support;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** A clock in microseconds and what is due on it, in one thread; what is random comes from the seed. */
public final class SimulatedTime {
    public static final long MILLI = 1_000;

    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long order;

    public SimulatedTime(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public long now() {
        return now;
    }

    public SplittableRandom random() {
        return random;
    }

    public boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    public void at(long when, Runnable what) {
        events.add(new Event(when, order++, what));
    }

    public void in(long micros, Runnable what) {
        at(now + micros, what);
    }

    /** Until nothing more is due. */
    public void run() {
        while (!events.isEmpty()) {
            Event next = events.remove();
            now = next.at();
            next.what().run();
        }
    }
}
