package com.fyvault.proofs.history;

import com.fyvault.support.Api;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How often the clients were answered what. */
final class Tally {
    private final Map<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final LongAdder cuts = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

    void answered(Request request, Api.Answer answer) {
        statuses.computeIfAbsent(answer.status(), none -> new LongAdder()).increment();
        if (!Answers.isExpected(answer)) {
            unexpected.add(request.method() + " " + request.path() + ": " + answer.status() + " " + answer.text());
        }
    }

    /** A connection was lost, or there was none. */
    void cut() {
        cuts.increment();
    }

    /** Of a change nobody knows how it went. */
    void unknown() {
        unknown.increment();
    }

    long unknowns() {
        return unknown.sum();
    }

    /** Answers that nothing in this run can explain. */
    Queue<String> unexpected() {
        return unexpected;
    }

    @Override
    public String toString() {
        Map<String, Long> all = new TreeMap<>();
        statuses.forEach((status, count) -> all.put(status.toString(), count.sum()));
        all.put("cut", cuts.sum());
        return all.toString();
    }
}
