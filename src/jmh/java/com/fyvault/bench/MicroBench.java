package com.fyvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks of the class path, in this machine's few minutes. */
@Command(
        name = "micro",
        description = "Run the JMH benchmarks; further arguments are JMH's own (a name, -prof gc, -l).")
final class MicroBench implements Callable<Integer> {
    private static final String ALL = "com\\.fyvault\\..*";

    @Option(names = "--quick", description = "A second a benchmark: shows orders of magnitude, no more.")
    private boolean quick;

    @Option(names = "--out", description = "Results as JSON; default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("target/bench/micro.json");

    @Unmatched
    private List<String> jmhArgs = new ArrayList<>();

    @Override
    public Integer call() throws IOException, RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(jmhArgs.toArray(String[]::new));
        ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
        if (given.getIncludes().isEmpty()) {
            options.include(ALL);
        }
        if (quick) {
            TimeValue fifth = TimeValue.milliseconds(200);
            options.forks(1)
                    .warmupIterations(2)
                    .warmupTime(fifth)
                    .measurementIterations(3)
                    .measurementTime(fifth);
        }
        if (!given.getResult().hasValue()) {
            Files.createDirectories(out.toAbsolutePath().getParent());
            options.resultFormat(ResultFormatType.JSON).result(out.toString());
        }
        Runner runner = new Runner(options.build());
        runner.list();
        if (!given.shouldList()) {
            var _ = runner.run();
        }
        return 0;
    }
}
