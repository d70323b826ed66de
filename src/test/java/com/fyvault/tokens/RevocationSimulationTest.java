package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.tokens.SimulatedInstallation.Outcome;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * T48: random schedules of reads, changes, pauses and lost messages; and that each safeguard is needed.
 * {@code -Dfyvault.seed=N} runs one seed alone.
 */
class RevocationSimulationTest {
    private static final int MOST_TO_CATCH = 100_000;

    @Test
    void noScheduleReleasesAnythingAfterARevocationReturned() {
        long from = Long.getLong("fyvault.seed", 0);
        long seeds = Long.getLong("fyvault.seed") == null ? Lane.count(100_000, 2_000) : 1;
        long releases = 0;
        long changes = 0;
        int failing = 0;
        long first = -1;
        for (long seed = from; seed < from + seeds; seed++) {
            Outcome outcome = new SimulatedInstallation(seed, Set.of()).run();
            releases += outcome.releases();
            changes += outcome.revocations();
            if (outcome.violations() > 0) {
                failing++;
                first = first < 0 ? seed : first;
            }
        }
        String more = "seeds=" + seeds + (failing > 0 ? " first failing seed=" + first : "");
        Figures.print(new Figures.Line("T48", "simulated schedules", changes, releases, failing, more));
        assertThat(failing).as("first failing seed %s", first).isZero();
        assertThat(releases).isPositive();
    }

    @Test
    void aSeedReplays() {
        for (long seed = 0; seed < 200; seed++) {
            Outcome outcome = new SimulatedInstallation(seed, Set.of()).run();
            assertThat(new SimulatedInstallation(seed, Set.of()).run()).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(RevocationSafeguard.class)
    void eachSafeguardIsNeeded(RevocationSafeguard off) {
        long seed = 0;
        while (seed < MOST_TO_CATCH
                && new SimulatedInstallation(seed, EnumSet.of(off)).run().violations() == 0) {
            seed++;
        }
        Figures.print(new Figures.Line("T48", "without " + off, 1, seed + 1, 0, "caught by seed " + seed));
        assertThat(seed).as("%s is not caught", off).isLessThan(MOST_TO_CATCH);
    }
}
