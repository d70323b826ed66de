package com.fyvault.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the gates of a node let through, by verdict; labels are of fixed sets, never of requests. */
public final class GateMetrics {
    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final DistributionSummary batches;
    private final Counter unavailable;

    public GateMetrics(MeterRegistry registry) {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict,
                    Counter.builder("fyvault_audit_records")
                            .description("Records by what the commit said of their authority")
                            .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        this.batches = DistributionSummary.builder("fyvault_audit_batch_records")
                .description("Records in one audit statement")
                .register(registry);
        this.unavailable = Counter.builder("fyvault_audit_unavailable")
                .description("Records refused because the audit statement failed")
                .register(registry);
    }

    void settled(Verdict[] all) {
        batches.record(all.length);
        int good = 0;
        for (Verdict verdict : all) {
            if (verdict == Verdict.GOOD) {
                good++;
            } else {
                count(verdict, 1);
            }
        }
        count(Verdict.GOOD, good);
    }

    void failed(int records) {
        unavailable.increment(records);
    }

    private void count(Verdict verdict, int records) {
        Counter counter = verdicts.get(verdict);
        if (counter != null) {
            counter.increment(records);
        }
    }
}
