package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes a history wrong: one answer is changed. */
final class Spoiling {
    private Spoiling() {}

    /** Changes one answer to another that the same request could get; the history may stay linearizable by chance. */
    static void one(SplittableRandom random, List<Operation<Ask, Told>> history) {
        int i = random.nextInt(history.size());
        Operation<Ask, Told> old = history.get(i);
        if (!old.isOpen()) {
            history.set(i, with(old, told(random, old.ask())));
        }
    }

    /**
     * Has one read see the version before one that was acknowledged before the read was called. However the
     * rest is ordered, that cannot be. False when there is no such read.
     */
    static boolean stale(SplittableRandom random, List<Operation<Ask, Told>> history) {
        List<Integer> reads = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            if (newest(history, history.get(i)) > 1) {
                reads.add(i);
            }
        }
        if (reads.isEmpty()) {
            return false;
        }
        int chosen = reads.get(random.nextInt(reads.size()));
        Operation<Ask, Told> read = history.get(chosen);
        history.set(chosen, with(read, new Told.Value(newest(history, read) - 1, null)));
        return true;
    }

    /** The newest version that was acknowledged where the read looked, before it was called; 0 for what is no read. */
    private static long newest(List<Operation<Ask, Told>> history, Operation<Ask, Told> read) {
        if (!(read.ask() instanceof Ask.Read where) || !(read.told() instanceof Told.Value)) {
            return 0;
        }
        long newest = 0;
        for (Operation<Ask, Told> other : history) {
            boolean there = other.ask() instanceof Ask.Write write && write.place() == where.place();
            if (there && other.told() instanceof Told.Done done && other.returned() < read.called()) {
                newest = Math.max(newest, done.version());
            }
        }
        return newest;
    }

    private static Operation<Ask, Told> with(Operation<Ask, Told> old, Told told) {
        return new Operation<>(old.client(), old.ask(), told, old.called(), old.returned());
    }

    private static Told told(SplittableRandom random, Ask ask) {
        int version = 1 + random.nextInt(3);
        if (random.nextInt(4) == 0) {
            return new Told.Absent();
        }
        return switch (ask) {
            case Ask.Read read -> new Told.Value(version, random.nextBoolean() ? null : SimulatedSecret.FIRST);
            case Ask.View view -> new Told.Value(version - 1, null);
            case Ask.Write write -> random.nextBoolean() ? new Told.Mismatch() : new Told.Done(version);
            case Ask.RollBack back -> random.nextBoolean() ? new Told.NoVersion() : new Told.Done(version);
            case Ask.SetDeleted set -> new Told.Done(version);
        };
    }
}
