package com.fyvault.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long from the command line to the first value?
 *
 * <p>The real process is started again and again by the real script, and a client at the door reads the first secret
 * as soon as it gets a 200. {@code dev} finds the data of an earlier start and starts its PostgreSQL; {@code server}
 * finds a PostgreSQL that runs, and has the owner's password, so that it looks at the schema as well.
 */
@Command(name = "start", description = "Measure from the start of the process to its first value read.")
final class StartBench implements Callable<Integer> {
    @Option(names = "--starts", description = "Of each kind; default: ${DEFAULT-VALUE}.")
    private int starts = 10;

    @Option(names = "--launcher", hidden = true, description = "What starts the server.")
    private Path launcher = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path root = Checkout.root();
        Path script = launcher.toString().isEmpty() ? root.resolve("fyvault") : launcher;
        Path out = Files.createDirectories(root.resolve(Checkout.OUT));
        build(script);
        List<Start> dev = dev(script, Files.createTempDirectory(out.toAbsolutePath(), "data"));
        List<Start> server = server(script, out);
        JsonObject json = new JsonObject()
                .put("at", Instant.now().toString())
                .put("command", "fyvault bench start --starts " + starts)
                .put("javaOptions", String.valueOf(System.getenv("FYVAULT_JAVA_OPTS")))
                .put("dev", show("dev", dev))
                .put("server", show("server", server));
        Files.writeString(out.resolve("start.json"), json.encodePrettily() + "\n");
        System.out.println("written to target/bench/start.json");
        return 0;
    }

    /** What is stale is built by the script, which is not to be measured. */
    private static void build(Path script) throws IOException, InterruptedException {
        int code = new ProcessBuilder(script.toString(), "--version")
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("the build failed");
        }
    }

    private List<Start> dev(Path script, Path data) throws IOException, InterruptedException {
        try {
            int port = freePort();
            long began = System.nanoTime();
            VaultProcess.FirstRead first;
            try (ChildProcess process = ChildProcess.start("the first start", VaultProcess.dev(script, port, data))) {
                first = VaultProcess.awaitFirstRead(process);
                System.out.printf(
                        Locale.ROOT, "the first start of all, which makes the data: %.2f s%n", secondsSince(began));
            }
            List<Start> all = new ArrayList<>();
            for (int i = 0; i < starts; i++) {
                all.add(once(VaultProcess.dev(script, port, data), URI.create(first.url()), first.apiKey()));
            }
            return all;
        } finally {
            VaultProcess.clearUp(data);
        }
    }

    /** Beside a development server, whose PostgreSQL it uses. */
    private List<Start> server(Path script, Path out) throws IOException, InterruptedException {
        try (VaultProcess beside = VaultProcess.start(script, out)) {
            VaultProcess.FirstRead first = beside.awaitFirstRead();
            int port = freePort();
            ProcessBuilder command = server(script, beside, port);
            URI uri = URI.create(first.url().replaceFirst(":\\d+/", ":" + port + "/"));
            List<Start> all = new ArrayList<>();
            for (int i = 0; i < starts; i++) {
                all.add(once(command, uri, first.apiKey()));
            }
            return all;
        }
    }

    private static ProcessBuilder server(Path script, VaultProcess beside, int port) throws IOException {
        Properties passwords = new Properties();
        try (var reader = Files.newBufferedReader(beside.data().resolve("postgres.properties"))) {
            passwords.load(reader);
        }
        ProcessBuilder command = new ProcessBuilder(script.toString(), "server")
                .redirectInput(Path.of("/dev/null").toFile());
        var environment = command.environment();
        environment.put("FYVAULT_HTTP_PORT", Integer.toString(port));
        environment.put("FYVAULT_MANAGEMENT_PORT", "0");
        environment.put("FYVAULT_POSTGRES_PORT", Integer.toString(beside.postgresPort()));
        environment.put("FYVAULT_POSTGRES_PASSWORD", passwords.getProperty("fyvault_app"));
        environment.put("FYVAULT_POSTGRES_OWNER_USER", "fyvault_owner");
        environment.put("FYVAULT_POSTGRES_OWNER_PASSWORD", passwords.getProperty("fyvault_owner"));
        environment.put(
                "FYVAULT_ROOT_KEY_FILE", beside.data().resolve("root.key").toString());
        return command;
    }

    /** One start: how long it took to the first value, and how much processor the server used until then. */
    private record Start(double seconds, double cpuSeconds) {}

    private static Start once(ProcessBuilder command, URI uri, String apiKey) throws IOException {
        long began = System.nanoTime();
        try (ChildProcess process = ChildProcess.start("the server", command)) {
            CpuClock cpu = CpuClock.ofProcess(process.pid());
            double seconds = (FirstAnswer.await(uri, apiKey, process) - began) / 1e9;
            return new Start(seconds, cpu.nanos() / 1e9);
        }
    }

    /** On a busy machine the least is nearest to the truth, and processor time tells more than the clock. */
    private static JsonObject show(String name, List<Start> starts) {
        double[] seconds = sorted(starts, Start::seconds);
        double[] cpu = sorted(starts, Start::cpuSeconds);
        System.out.printf(
                Locale.ROOT,
                "%-7s min %.2f s  median %.2f s   processor: min %.2f s  median %.2f s%n",
                name,
                seconds[0],
                median(seconds),
                cpu[0],
                median(cpu));
        return new JsonObject()
                .put("minSeconds", LoadResult.rounded(seconds[0]))
                .put("medianSeconds", LoadResult.rounded(median(seconds)))
                .put("minCpuSeconds", LoadResult.rounded(cpu[0]))
                .put("medianCpuSeconds", LoadResult.rounded(median(cpu)))
                .put("starts", starts.size());
    }

    private static double[] sorted(List<Start> starts, ToDoubleFunction<Start> figure) {
        return starts.stream().mapToDouble(figure).sorted().toArray();
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double secondsSince(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
