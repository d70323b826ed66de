package com.fyvault.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sends one GET over and over to a server on this machine and prints one line of JSON for each window of load.
 *
 * <p>A bearer token comes in an environment variable, as the command line of a process is open to every user.
 */
@Command(name = "load", description = "Load one address and print a line of JSON.", mixinStandardHelpOptions = true)
public final class LoadGenerator implements Callable<Integer> {
    /** Holds the value of the Authorization header, if one is to be sent. */
    static final String AUTHORIZATION = "BENCH_AUTHORIZATION";

    enum Mode {
        CLOSED,
        OPEN
    }

    @Option(names = "--url", required = true, description = "http://host:port/path")
    private URI url = URI.create("http://127.0.0.1");

    @Option(names = "--header", description = "A further header, Name: value.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--connections", description = "Default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(names = "--mode", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Mode mode = Mode.CLOSED;

    @Option(names = "--rate", description = "Requests a second in the open loop; default: ${DEFAULT-VALUE}.")
    private int rate = 1000;

    @Option(names = "--warm-up", description = "Seconds not measured; default: ${DEFAULT-VALUE}.")
    private double warmUpSeconds = 0;

    @Option(names = "--seconds", description = "Seconds measured; default: ${DEFAULT-VALUE}.")
    private double seconds = 5;

    @Option(names = "--commands", description = "Read windows from standard input: closed SECONDS, open RATE SECONDS.")
    private boolean commands;

    public static void main(String[] args) {
        System.exit(new CommandLine(new LoadGenerator())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        List<String> all = new ArrayList<>(headers);
        @Nullable String authorization = System.getenv(AUTHORIZATION);
        if (authorization != null) {
            all.add("Authorization: " + authorization);
        }
        LoadResult last;
        try (LoadClient client = LoadClient.connect(LoadTarget.get(url, all), connections)) {
            last = commands ? obey(client) : runOnce(client);
        }
        return last == null || last.errors().isEmpty() ? 0 : 1;
    }

    private LoadResult runOnce(LoadClient client) throws InterruptedException {
        if (warmUpSeconds > 0) {
            var _ = window(client, mode, rate, warmUpSeconds);
        }
        LoadResult result = window(client, mode, rate, seconds);
        print(result.toJson());
        return result;
    }

    /** The end of standard input ends the process, so it never outlives the one that steers it. */
    private static @Nullable LoadResult obey(LoadClient client) throws InterruptedException, IOException {
        @Nullable LoadResult last = null;
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.strip().split(" ", -1);
            last = switch (words[0]) {
                case "closed" -> window(client, Mode.CLOSED, 0, Double.parseDouble(words[1]));
                case "open" -> window(client, Mode.OPEN, Integer.parseInt(words[1]), Double.parseDouble(words[2]));
                default -> throw new IllegalArgumentException("unknown command: " + words[0]);
            };
            print(last.toJson());
        }
        return last;
    }

    private static LoadResult window(LoadClient client, Mode mode, int rate, double seconds)
            throws InterruptedException {
        Duration length = Duration.ofNanos((long) (seconds * 1e9));
        return mode == Mode.CLOSED ? client.closed(length) : client.open(rate, length);
    }

    /** The line that asks for this window of a generator started with --commands. */
    static String command(Mode mode, int rate, double seconds) {
        return mode == Mode.CLOSED
                ? String.format(Locale.ROOT, "closed %.3f", seconds)
                : String.format(Locale.ROOT, "open %d %.3f", rate, seconds);
    }

    private static void print(JsonObject json) {
        System.out.println(json.encode());
        System.out.flush();
    }
}
