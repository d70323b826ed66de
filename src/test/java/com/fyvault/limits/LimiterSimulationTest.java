package com.fyvault.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.limits.SimulatedLimiter.Outcome;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * T48: the limits of docs/LIMITS.md under random schedules of requests, lost and late messages and faults; and
 * that each safeguard is needed. {@code -Dfyvault.seed=N} runs one seed alone.
 */
class LimiterSimulationTest {
    private static final int MOST_TO_CATCH = 100_000;

    @Test
    void noScheduleAdmitsMoreThanIsDocumented() {
        long from = Long.getLong("fyvault.seed", 0);
        long seeds = Long.getLong("fyvault.seed") == null ? Lane.count(100_000, 2_000) : 1;
        long admitted = 0;
        long faults = 0;
        int failing = 0;
        String first = "";
        for (long seed = from; seed < from + seeds; seed++) {
            Outcome outcome = new SimulatedLimiter(seed, Set.of()).run();
            admitted += outcome.admitted();
            faults += outcome.faults();
            if (outcome.violation() != null) {
                failing++;
                first = first.isEmpty() ? "seed " + seed + ": " + outcome.violation() : first;
            }
        }
        String more = "seeds=" + seeds + " " + first;
        Figures.print(new Figures.Line("T48", "simulated limits", faults, admitted, failing, more));
        assertThat(failing).as(first).isZero();
        assertThat(admitted).isPositive();
    }

    @Test
    void aSeedReplays() {
        for (long seed = 0; seed < 200; seed++) {
            Outcome outcome = new SimulatedLimiter(seed, Set.of()).run();
            assertThat(new SimulatedLimiter(seed, Set.of()).run()).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(LimiterSafeguard.class)
    void eachSafeguardIsNeeded(LimiterSafeguard off) {
        long seed = 0;
        String violation = new SimulatedLimiter(seed, EnumSet.of(off)).run().violation();
        while (violation == null && seed < MOST_TO_CATCH) {
            violation = new SimulatedLimiter(++seed, EnumSet.of(off)).run().violation();
        }
        String more = "caught by seed " + seed + ": " + violation;
        Figures.print(new Figures.Line("T48", "limits without " + off, 1, seed + 1, 0, more));
        assertThat(violation).as("%s is not caught", off).isNotNull();
    }
}
