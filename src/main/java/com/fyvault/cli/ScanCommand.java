package com.fyvault.cli;

import com.fyvault.scan.Batch;
import com.fyvault.scan.CommitHook;
import com.fyvault.scan.FileTree;
import com.fyvault.scan.Finding;
import com.fyvault.scan.GitHistory;
import com.fyvault.scan.Report;
import com.fyvault.scan.RuleSet;
import com.fyvault.scan.ScanError;
import com.fyvault.scan.Search;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code fyvault scan}: looks for secrets in files, in a git history or in what is staged. It needs no server, no database and
 * no settings. Its exit code is 0 when all is clean, 1 (or another that is asked for) when something was found, and 2 when it
 * could not look.
 */
@Command(
        name = "scan",
        description =
                "Looks for secrets in files or a git history; exit code 0 is clean, 1 found some, 2 could not look.",
        mixinStandardHelpOptions = true)
public final class ScanCommand implements Callable<Integer> {
    private static final int BROKEN = 2;
    /** Set by the script that starts the program. */
    private static final String LAUNCHER = "fyvault.launcher";

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and directories; with --git a repository.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--git", description = "Look through every commit of every branch, tag and stash.")
    private boolean git;

    @Option(names = "--staged", description = "Look at what the next commit would bring.")
    private boolean staged;

    @Option(names = "--install-hook", description = "Make git look at what is staged before each commit.")
    private boolean hook;

    @Option(names = "--format", paramLabel = "text|json|sarif", description = "How to tell (default: text).")
    private String format = "text";

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Rules in the format of gitleaks, instead of its own.")
    private @Nullable Path rules;

    @Option(
            names = "--exit-code",
            paramLabel = "N",
            description = "The exit code when something was found (default: 1).")
    private int found = 1;

    @Option(
            names = "--report",
            description =
                    "Tell the server of FYVAULT_BASE_URL what was found, in the organization FYVAULT_ORG_ID with the "
                            + "key FYVAULT_API_KEY: it ends what is the organization's own.")
    private boolean reporting;

    @Override
    public Integer call() {
        try {
            return scan();
        } catch (ScanError error) {
            System.err.println("fyvault: " + error.getMessage());
            return BROKEN;
        } catch (RuntimeException bug) {
            // An exit code of 1 would say that a secret was found.
            System.err.println("fyvault: " + bug);
            bug.printStackTrace();
            return BROKEN;
        }
    }

    private int scan() {
        if ((git ? 1 : 0) + (staged ? 1 : 0) + (hook ? 1 : 0) > 1) {
            throw new ScanError("--git, --staged and --install-hook are three different things");
        }
        if (found < 0 || found > 255) {
            throw new ScanError("--exit-code is a number from 0 to 255");
        }
        Report report = report();
        if (hook) {
            String program = System.getProperty(LAUNCHER, "fyvault");
            System.err.println("fyvault: wrote " + CommitHook.install(directory(), program));
            return 0;
        }
        RuleSet set = rules == null ? RuleSet.own() : RuleSet.read(rules);
        set.warnings().forEach(warning -> System.err.println("fyvault: " + warning));
        @Nullable Batch batch = reporting ? new Batch(reporter()) : null;
        Search search = new Search(set, batch);
        look(search);
        if (batch != null) {
            batch.flush();
        }
        return tell(search.result(), report, set);
    }

    private Sightings reporter() {
        Path first = paths.isEmpty() ? Path.of("") : paths.get(0);
        @Nullable Path name = first.toAbsolutePath().normalize().getFileName();
        Sightings.Door door = new Sightings.Door(
                environment("FYVAULT_BASE_URL"), environment("FYVAULT_ORG_ID"), environment("FYVAULT_API_KEY"));
        return new Sightings(
                door,
                name == null ? "files" : Finding.plain(name.toString()),
                (finding, what) -> System.err.println(
                        "fyvault: " + Finding.plain(finding.place().path()) + ":" + finding.line() + " is yours: "
                                + Finding.plain(what)));
    }

    private static String environment(String name) {
        @Nullable String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new ScanError("--report needs " + name);
        }
        return value.strip();
    }

    private void look(Search search) {
        if (git) {
            new GitHistory(search).look(directory());
        } else if (staged) {
            new GitHistory(search).lookAtStaged(directory());
        } else if (paths.isEmpty()) {
            throw new ScanError("say what to look at: a path, --git or --staged");
        } else {
            FileTree tree = new FileTree(search);
            paths.forEach(tree::look);
        }
    }

    private int tell(Search.Result result, Report report, RuleSet set) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        out.print(report.write(result, set));
        out.flush();
        if (result.passedOver() > 0 && report == Report.TEXT) {
            System.err.println("fyvault: " + result.passedOver() + " were not looked at, or not whole:");
            result.named().forEach(name -> System.err.println("  " + name));
        }
        return result.findings().isEmpty() ? result.failed() ? BROKEN : 0 : found;
    }

    private Path directory() {
        if (paths.size() > 1) {
            throw new ScanError("that works on one repository at a time");
        }
        return paths.isEmpty() ? Path.of("").toAbsolutePath() : paths.get(0);
    }

    private Report report() {
        for (Report report : Report.values()) {
            if (report.name().equalsIgnoreCase(format)) {
                return report;
            }
        }
        throw new ScanError("--format is text, json or sarif");
    }
}
