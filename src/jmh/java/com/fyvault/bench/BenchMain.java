package com.fyvault.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code fyvault bench}: what does a request cost, and what do its parts? */
@Command(
        name = "fyvault bench",
        description = "Measure on this machine.",
        subcommands = {ReadBench.class, MicroBench.class, StartBench.class},
        synopsisSubcommandLabel = "read|micro|start",
        mixinStandardHelpOptions = true)
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new BenchMain());
        System.exit(line.execute(args.length == 0 ? new String[] {"--help"} : args));
    }
}
