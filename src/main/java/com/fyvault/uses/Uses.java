package com.fyvault.uses;

import com.fyvault.uses.Use.Kind;
import com.fyvault.uses.Use.Subject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The uses of a node that are not written yet, the latest of each credential and secret. Noting one costs a look into a
 * table: a use within a second of the one that is known changes nothing, so a busy key takes no lock.
 *
 * <p>The table is bounded. Three quarters full it asks to be written at once; what is new to a full one is not noted, and
 * is counted.
 */
public final class Uses {
    private static final long GRAIN_MICROS = 1_000_000;

    private final Map<Subject, Long> latest = new ConcurrentHashMap<>();
    private final LongAdder lost = new LongAdder();
    private final int most;
    private volatile Runnable onCrowded = () -> {};

    /** @param most credentials and secrets at once */
    public Uses(int most) {
        this.most = most;
    }

    /** Told, from any thread and more than once, when the table should be written before its time. */
    void onCrowded(Runnable listener) {
        onCrowded = listener;
    }

    public void noteCredential(UUID orgId, UUID id, long atMicros) {
        note(new Subject(Kind.CREDENTIAL, orgId, id), atMicros);
    }

    public void noteSecret(UUID orgId, UUID id, long atMicros) {
        note(new Subject(Kind.SECRET, orgId, id), atMicros);
    }

    /** How many wait to be written. */
    public int size() {
        return latest.size();
    }

    /** How many uses a full table has not taken. */
    public long lost() {
        return lost.sum();
    }

    private void note(Subject subject, long atMicros) {
        @Nullable Long known = latest.get(subject);
        if (known != null) {
            if (atMicros - known >= GRAIN_MICROS) {
                latest.merge(subject, atMicros, Math::max);
            }
            return;
        }
        int held = latest.size();
        if (held >= most) {
            lost.increment();
            return;
        }
        latest.merge(subject, atMicros, Math::max);
        if (held >= most - most / 4) {
            onCrowded.run();
        }
    }

    /** Takes everything out, what was used longest ago first. */
    List<Use> take() {
        List<Use> taken = latest.keySet().stream()
                .map(subject -> new Use(subject, took(latest.remove(subject))))
                .filter(use -> use.atMicros() > 0)
                .sorted(Comparator.comparingLong(Use::atMicros))
                .toList();
        return taken;
    }

    /** Takes back what could not be written; a later use stays. */
    void putBack(Collection<Use> uses) {
        for (Use use : uses) {
            if (latest.size() >= most) {
                lost.increment();
            } else {
                latest.merge(use.subject(), use.atMicros(), Math::max);
            }
        }
    }

    private static long took(@Nullable Long atMicros) {
        return atMicros == null ? 0 : atMicros;
    }
}
