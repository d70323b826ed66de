package com.fyvault.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is found and reports it by the hundred, each secret once. The secrets are cleared when they are reported. */
public final class Batch implements Taker {
    /** Of a report. */
    public static final int MOST = 100;
    /** Bytes of a report's secrets, but for one that is longer. */
    private static final int LARGEST = 128 * 1024;
    /** Secrets that are remembered as reported. Beyond that one may be reported again, which changes nothing. */
    private static final int MOST_REMEMBERED = 100_000;

    private final Reporter reporter;
    private final List<Candidate> waiting = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();
    private int bytes;

    public Batch(Reporter reporter) {
        this.reporter = reporter;
    }

    @Override
    public void take(Finding finding, byte[] secret) {
        if (reported.size() == MOST_REMEMBERED) {
            reported.clear();
        }
        if (!reported.add(finding.fingerprint())) {
            return;
        }
        if (bytes + secret.length > LARGEST) {
            flush();
        }
        waiting.add(new Candidate(finding, secret.clone()));
        bytes += secret.length;
        if (waiting.size() == MOST) {
            flush();
        }
    }

    /** Reports what waits. */
    public void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Candidate> now = List.copyOf(waiting);
        waiting.clear();
        bytes = 0;
        try {
            reporter.report(now);
        } finally {
            now.forEach(candidate -> Arrays.fill(candidate.secret(), (byte) 0));
        }
    }
}
