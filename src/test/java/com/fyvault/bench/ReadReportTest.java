package com.fyvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadReportTest {
    private static final List<ReadWindow> CLOSED = List.of(
            window(ReadBench.HELLO, 100, 8.0, 0),
            window(ReadBench.READ, 50, 20.0, 5.0),
            window(ReadBench.HELLO, 120, 9.0, 0),
            window(ReadBench.READ, 40, 16.0, 6.0));
    private static final List<ReadWindow> OPEN =
            List.of(window(ReadBench.HELLO, 60, 10.0, 0), window(ReadBench.READ, 25, 30.0, 9.0));

    @Test
    void takesTheBestWindowOfEachFigure() {
        JsonObject json = new ReadReport(CLOSED, OPEN).toJson("command");
        assertThat(json.getJsonObject("hello").getDouble("cpuMicros")).isEqualTo(8.0);
        assertThat(json.getJsonObject("hello").getDouble("rps")).isCloseTo(120, within(1e-6));
        assertThat(json.getJsonObject("read").getDouble("cpuMicros")).isEqualTo(16.0);
        assertThat(json.getJsonObject("read").getDouble("rps")).isCloseTo(50, within(1e-6));
        assertThat(json.getJsonObject("read").getDouble("p99Millis")).isEqualTo(3.0);
        assertThat(json.getDouble("ratio")).isEqualTo(2.0);
    }

    @Test
    void takesTheCostOfPostgresFromTheWindowWhoseServerCostIsShown() {
        JsonObject json = new ReadReport(CLOSED, OPEN).toJson("command");
        assertThat(json.getJsonObject("postgres").getDouble("cpuMicros")).isEqualTo(6.0);
    }

    @Test
    void keepsEveryWindow() {
        JsonObject details = new ReadReport(CLOSED, OPEN).toJson("command").getJsonObject("details");
        assertThat(details.getJsonArray("windows")).hasSize(CLOSED.size() + OPEN.size());
        JsonObject load = details.getJsonArray("windows").getJsonObject(0).getJsonObject("load");
        assertThat(LoadResult.fromJson(load)).isEqualTo(CLOSED.getFirst().load());
    }

    @Test
    void refusesToReportWhatWasNotMeasured() {
        ReadReport report = new ReadReport(CLOSED, List.of());
        assertThatThrownBy(report::toTable).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsWhatOthersTookAsAShareOfAllTime() {
        MachineCpu before = MachineCpu.parse("cpu  100 0 50 800 10 0 5 35 7 0");
        MachineCpu after = MachineCpu.parse("cpu  150 0 70 810 10 0 5 55 9 0");
        MachineCpu.Noise noise = after.since(before, 600_000_000); // 60 of the 70 busy ticks
        assertThat(noise).isEqualTo(new MachineCpu.Noise(20, 10));
    }

    @Test
    void quickPlanStopsEarlyOnlyAfterTwoWindowsOfEach() {
        ReadPlan plan = ReadPlan.quick(3);
        assertThat(plan.enough(1, 1000)).isFalse();
        assertThat(plan.enough(2, 1000)).isTrue();
        assertThat(plan.enough(plan.windows() - 1, 1)).isFalse();
        assertThat(plan.enough(plan.windows(), 1)).isTrue();
    }

    private static ReadWindow window(String subject, long rps, double cpu, double postgres) {
        LoadResult.Latency latency = new LoadResult.Latency(1, 2, 3, 4, 5);
        return new ReadWindow(
                subject,
                new LoadResult("closed", rps, Map.of(), 1, latency, 6),
                cpu,
                postgres,
                new MachineCpu.Noise(0, 0));
    }
}
