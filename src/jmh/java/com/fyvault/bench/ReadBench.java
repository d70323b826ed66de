package com.fyvault.bench;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.HttpSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What does a warm read cost beside an empty answer?
 *
 * <p>Both servers run at once, each with a generator of its own, and only one is under load at a time: windows of the
 * two alternate, so that a noisy minute on the machine falls on both.
 */
@Command(name = "read", description = "Compare a warm read with an empty Vert.x answer on this machine.")
final class ReadBench implements Callable<Integer> {
    static final String HELLO = "hello";
    static final String READ = "read";

    private static final Duration HELLO_START_LIMIT = Duration.ofSeconds(30);

    @Option(names = "--quick", description = "End within 60 seconds.")
    private boolean quick;

    @Option(names = "--seconds", description = "Length of a closed-loop window; default: ${DEFAULT-VALUE}.")
    private double seconds = 3;

    @Option(names = "--connections", description = "Default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(names = "--event-loops", description = "Of the empty answer; default: as the server.")
    private int eventLoops = 0;

    @Option(
            names = "--limits",
            description = "With a Redis beside the server, and limits of owner and organization on.")
    private boolean limits;

    @Option(names = "--launcher", hidden = true, description = "What starts the server.")
    private Path launcher = Path.of("");

    private final List<ReadWindow> closed = new ArrayList<>();
    private final List<ReadWindow> open = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ReadPlan plan = quick ? ReadPlan.quick(seconds) : ReadPlan.full(seconds);
        Path root = Checkout.root();
        Path script = launcher.toString().isEmpty() ? root.resolve("fyvault") : launcher;
        System.out.println("starting an empty Vert.x answer and the server");
        try (VaultProcess vault = VaultProcess.start(script, root.resolve(Checkout.OUT), limits);
                ChildProcess hello = startHello();
                GeneratorProcess helloLoad = GeneratorProcess.start(awaitHello(hello), "", connections)) {
            ReadSubject helloSubject = new ReadSubject(HELLO, helloLoad, CpuClock.ofProcess(hello.pid()), null);
            VaultProcess.FirstRead first = vault.awaitFirstRead();
            try (GeneratorProcess readLoad =
                    GeneratorProcess.start(first.url(), "Bearer " + first.apiKey(), connections)) {
                CpuClock postgres = CpuClock.ofTree(vault.postgresPid());
                ReadSubject read = new ReadSubject(READ, readLoad, CpuClock.ofProcess(vault.pid()), postgres);
                run(plan, helloSubject, read);
            }
        }
        report(root);
        return 0;
    }

    private void run(ReadPlan plan, ReadSubject hello, ReadSubject read) throws IOException, InterruptedException {
        System.out.println("warming up");
        var _ = show(hello.closed(plan.helloWarmUpSeconds()), "warm-up");
        var _ = show(read.closed(plan.readWarmUpSeconds()), "warm-up");
        for (int i = 0; !plan.enough(i, secondsPassed()); i++) {
            for (ReadSubject subject : List.of(hello, read)) {
                ReadWindow window = subject.closed(plan.windowSeconds());
                closed.add(show(window, "closed"));
            }
        }
        for (int i = 0; i < plan.openWindows(); i++) {
            for (ReadSubject subject : List.of(hello, read)) {
                ReadWindow window = subject.open(halfRate(subject.name()), plan.openSeconds());
                open.add(show(window, "open"));
            }
        }
    }

    private static double secondsPassed() {
        return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
    }

    private int halfRate(String subject) {
        double best = closed.stream()
                .filter(window -> window.subject().equals(subject))
                .mapToDouble(window -> window.load().rps())
                .max()
                .orElseThrow();
        return (int) Math.max(1, best / 2);
    }

    private static ReadWindow show(ReadWindow window, String kind) {
        LoadResult load = window.load();
        System.out.printf(
                Locale.ROOT,
                "%-7s %-5s %,9.0f/s  server %6.2f us  PostgreSQL %5.2f us  generator %5.2f us  p50 %.3f ms  p99 %.3f ms"
                        + "  %s%n",
                kind,
                window.subject(),
                load.rps(),
                window.cpuMicros(),
                window.postgresMicros(),
                load.generatorMicros(),
                load.latency().p50(),
                load.latency().p99(),
                window.noise());
        return window;
    }

    private void report(Path root) throws IOException {
        ReadReport report = new ReadReport(closed, open);
        Path file = root.resolve(Checkout.OUT).resolve("read.json");
        Files.createDirectories(file.getParent());
        String command = "fyvault bench read" + (quick ? " --quick" : "") + (limits ? " --limits" : "")
                + " --connections " + connections;
        Files.writeString(file, report.toJson(command).encodePrettily() + "\n");
        System.out.println();
        System.out.print(report.toTable());
        System.out.print(report.noiseNote());
        System.out.println("written to target/bench/read.json");
    }

    private ChildProcess startHello() throws IOException {
        int loops = eventLoops > 0 ? eventLoops : serverEventLoops();
        ProcessBuilder command = ChildProcess.java(ChildProcess.ownFlags(), HelloServer.class, Integer.toString(loops));
        return ChildProcess.start("the empty answer", command);
    }

    /** Read as the server reads it, which inherits this environment. */
    private static int serverEventLoops() throws IOException {
        return HttpSettings.from(Config.load(null, System.getenv())).eventLoops();
    }

    private static String awaitHello(ChildProcess hello) throws InterruptedException {
        String line = hello.await(HelloServer.ADDRESS_PREFIX, HELLO_START_LIMIT);
        return line.substring(HelloServer.ADDRESS_PREFIX.length()).strip();
    }
}
