package com.fyvault.support;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** T50: what threads may do to a class, in every order that Lincheck's model checker finds. */
public final class Interleavings {
    private Interleavings() {}

    /** Fails with the schedule when an operation answers what no order of them one after the other would answer. */
    public static void check(Class<?> shared) {
        int scenarios = Lane.count(100, 3);
        int schedules = Lane.count(1_000, 50);
        new ModelCheckingOptions()
                .iterations(scenarios)
                .invocationsPerIteration(schedules)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(shared);
        String more = scenarios + " scenarios of up to " + schedules + " schedules";
        Figures.print(new Figures.Line("T50", shared.getSimpleName(), 0, scenarios, 0, more));
    }
}
