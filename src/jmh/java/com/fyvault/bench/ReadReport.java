package com.fyvault.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What {@code bench read} found: the best window of each kind, side by side.
 *
 * <p>The best and not the mean: whatever else runs on the machine only ever adds. PostgreSQL's figure comes from the
 * window with the best figure of the server, as the two trade work with each other.
 */
final class ReadReport {
    private static final double NOISY_PERCENT = 10;
    private static final String ROW = "%-30s %12s %12s%n";

    private final List<ReadWindow> closed;
    private final List<ReadWindow> open;

    ReadReport(List<ReadWindow> closed, List<ReadWindow> open) {
        this.closed = List.copyOf(closed);
        this.open = List.copyOf(open);
    }

    /** The figures of one subject. */
    record Figures(double cpuMicros, double postgresMicros, double rps, double p50Millis, double p99Millis, int rate) {
        JsonObject toJson() {
            return new JsonObject()
                    .put("cpuMicros", LoadResult.rounded(cpuMicros))
                    .put("rps", LoadResult.rounded(rps))
                    .put("p50Millis", p50Millis)
                    .put("p99Millis", p99Millis)
                    .put("openLoopRate", rate);
        }
    }

    Figures figures(String subject) {
        ReadWindow cheapest = best(closed, subject, Comparator.comparingDouble(ReadWindow::cpuMicros));
        ReadWindow fastest = best(
                closed,
                subject,
                Comparator.comparingDouble(window -> -window.load().rps()));
        ReadWindow calmest = best(
                open,
                subject,
                Comparator.comparingDouble(window -> window.load().latency().p99()));
        return new Figures(
                cheapest.cpuMicros(),
                cheapest.postgresMicros(),
                fastest.load().rps(),
                calmest.load().latency().p50(),
                calmest.load().latency().p99(),
                (int) Math.round(calmest.load().rps()));
    }

    double ratio() {
        return figures(ReadBench.READ).cpuMicros() / figures(ReadBench.HELLO).cpuMicros();
    }

    /** Whether anything else ran in the calmest window of the read; empty if not worth a word. */
    String noiseNote() {
        ReadWindow calmest = best(
                closed,
                ReadBench.READ,
                Comparator.comparingDouble(window -> window.noise().othersPercent()));
        double others = calmest.noise().othersPercent();
        return others < NOISY_PERCENT
                ? ""
                : String.format(
                        Locale.ROOT,
                        "other processes took %.0f %% of this machine at best: take the ratio, not the rates%n",
                        others);
    }

    String toTable() {
        Figures hello = figures(ReadBench.HELLO);
        Figures read = figures(ReadBench.READ);
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, ROW, "", "empty answer", "warm read"));
        table.append(row("requests/s, closed loop", "%,.0f", hello.rps(), read.rps()));
        table.append(row("server CPU us/request", "%.2f", hello.cpuMicros(), read.cpuMicros()));
        table.append(row("  ratio to the empty answer", "%.2f", 1, ratio()));
        table.append(row("PostgreSQL CPU us/request", "%.2f", 0, read.postgresMicros()));
        table.append(row("requests/s, open loop", "%,.0f", hello.rate(), read.rate()));
        table.append(row("  p50 ms", "%.3f", hello.p50Millis(), read.p50Millis()));
        table.append(row("  p99 ms", "%.3f", hello.p99Millis(), read.p99Millis()));
        return table.toString();
    }

    private static String row(String name, String format, double hello, double read) {
        return String.format(
                Locale.ROOT,
                ROW,
                name,
                String.format(Locale.ROOT, format, hello),
                String.format(Locale.ROOT, format, read));
    }

    JsonObject toJson(String command) {
        JsonArray windows = new JsonArray();
        closed.forEach(window -> windows.add(window.toJson()));
        open.forEach(window -> windows.add(window.toJson()));
        JsonObject details = new JsonObject()
                .put("date", Instant.now().toString())
                .put("command", command)
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"))
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("windows", windows);
        return new JsonObject()
                .put("hello", figures(ReadBench.HELLO).toJson())
                .put("read", figures(ReadBench.READ).toJson())
                .put(
                        "postgres",
                        new JsonObject()
                                .put(
                                        "cpuMicros",
                                        LoadResult.rounded(
                                                figures(ReadBench.READ).postgresMicros())))
                .put("ratio", LoadResult.rounded(ratio()))
                .put("details", details);
    }

    private static ReadWindow best(List<ReadWindow> windows, String subject, Comparator<ReadWindow> order) {
        return windows.stream()
                .filter(window -> window.subject().equals(subject))
                .min(order)
                .orElseThrow(() -> new IllegalStateException("no window of " + subject));
    }
}
