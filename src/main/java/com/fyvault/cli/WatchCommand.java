package com.fyvault.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.scan.Finding;
import com.fyvault.scan.Report;
import com.fyvault.scan.Reporter;
import com.fyvault.scan.RuleSet;
import com.fyvault.scan.ScanError;
import com.fyvault.scan.Source;
import com.fyvault.scan.WatchedRepository;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code fyvault watch}: looks at git repositories on a schedule, each time at the commits that are new. What it finds is told,
 * and reported to the server, which ends what is the organization's own (docs/decisions/watcher.md). With {@code --once} its
 * exit code is that of {@code fyvault scan}.
 */
@Command(
        name = "watch",
        description =
                "Looks at git repositories on a schedule, and reports keys and values of yours that stand in them.",
        mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
    private static final int FOUND = 1;
    private static final int BROKEN = 2;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "What to look at, and how often.")
    private @Nullable Path config;

    @Option(names = "--once", description = "Look at each repository once, and end.")
    private boolean once;

    @Option(names = "--format", paramLabel = "text|json", description = "How to tell; json is an object a line.")
    private String format = "text";

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @Override
    public Integer call() {
        try {
            return watch();
        } catch (ScanError error) {
            System.err.println("fyvault: " + error.getMessage());
            return BROKEN;
        } catch (IOException failure) {
            System.err.println("fyvault: " + failure);
            return BROKEN;
        }
    }

    private int watch() throws IOException {
        if (config == null || !List.of("text", "json").contains(format)) {
            throw new ScanError("--format is text or json");
        }
        WatchSettings settings = WatchSettings.read(config);
        RuleSet rules = RuleSet.own();
        List<Watched> all = new ArrayList<>();
        for (Map.Entry<String, Source> one : settings.repositories().entrySet()) {
            Path directory = settings.directory().resolve(one.getKey());
            all.add(new Watched(
                    one.getKey(),
                    new WatchedRepository(one.getValue(), directory, settings.limits(), rules),
                    reporter(settings, one.getKey())));
        }
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> all.forEach(one -> one.repository().stop())));
        var _ = Files.createDirectories(settings.directory());
        try (FileChannel file = FileChannel.open(
                        settings.directory().resolve("watch.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                @Nullable FileLock lock = file.tryLock()) {
            if (lock == null) {
                throw new ScanError("somebody else watches with " + settings.directory());
            }
            return rounds(all, settings.every());
        }
    }

    private record Watched(String name, WatchedRepository repository, Reporter reporter) {}

    private int rounds(List<Watched> all, Duration every) {
        while (true) {
            long begun = System.nanoTime();
            int code = 0;
            for (Watched one : all) {
                code = Math.max(code, visit(one));
            }
            if (once) {
                return code;
            }
            try {
                Thread.sleep(Duration.ofNanos(Math.max(0, every.toNanos() - (System.nanoTime() - begun))));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return code;
            }
        }
    }

    private int visit(Watched one) {
        WatchedRepository.Visit visit;
        try {
            visit = one.repository().visit(one.reporter());
        } catch (ScanError error) {
            System.err.println("fyvault: " + one.name() + ": " + error.getMessage());
            return BROKEN;
        } catch (RuntimeException bug) {
            // One repository must not end the watch over the others.
            System.err.println("fyvault: " + one.name() + ": " + bug);
            bug.printStackTrace();
            return BROKEN;
        }
        visit.result().findings().forEach(finding -> tell(one.name(), finding, null));
        if (visit.failure() != null) {
            System.err.println("fyvault: " + one.name() + ": " + visit.failure());
        }
        visit.result()
                .named()
                .forEach(name ->
                        System.err.println("fyvault: " + one.name() + ": not looked at, or not whole: " + name));
        if (visit.commits() > 0 && format.equals("text")) {
            out.println(one.name() + ": " + visit.commits() + " new commits, "
                    + visit.result().findings().size() + " findings");
        }
        boolean whole = visit.failure() == null && !visit.result().failed();
        return whole ? visit.result().findings().isEmpty() ? 0 : FOUND : BROKEN;
    }

    private Reporter reporter(WatchSettings settings, String name) {
        return settings.door() == null
                ? candidates -> {}
                : new Sightings(settings.door(), name, (finding, what) -> tell(name, finding, what));
    }

    /** @param ours what of the organization it is, or null */
    private void tell(String repository, Finding finding, @Nullable String ours) {
        if (format.equals("json")) {
            ObjectNode line = MAPPER.createObjectNode().put("repository", repository);
            Report.fill(line, finding);
            line.put("yours", ours);
            out.println(line);
        } else if (ours == null) {
            out.print(repository + ": " + Report.line(finding));
        } else {
            out.println(repository + ": " + Finding.plain(finding.place().path()) + ":" + finding.line() + "  YOURS: "
                    + Finding.plain(ours));
        }
    }
}
