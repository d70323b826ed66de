package com.fyvault;

import com.fyvault.cli.BootstrapCommand;
import com.fyvault.cli.DevCommand;
import com.fyvault.cli.Failures;
import com.fyvault.cli.MigrateCommand;
import com.fyvault.cli.OrgCommand;
import com.fyvault.cli.PracticeCommand;
import com.fyvault.cli.ScanCommand;
import com.fyvault.cli.ServerCommand;
import com.fyvault.cli.WatchCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "fyvault",
        description = "A vault server for API keys and runtime secrets.",
        mixinStandardHelpOptions = true,
        version = "fyvault 0.1.0",
        subcommands = {
            DevCommand.class,
            ServerCommand.class,
            MigrateCommand.class,
            BootstrapCommand.class,
            OrgCommand.class,
            ScanCommand.class,
            WatchCommand.class,
            PracticeCommand.class
        })
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name; the exit code is 0 only when it did what it says. */
    public static void main(String[] args) {
        // Netty would start the JDK's Flight Recorder on an event loop, to offer it events of buffers: 100 ms and more.
        System.setProperty("io.netty.jfr.enabled", "false");
        @Nullable ServerCommand server = ServerCommand.plain(args);
        if (server != null) {
            serve(server);
            return;
        }
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler(new Failures());
        int code = line.execute(args);
        if (code != CommandLine.ExitCode.OK || !line.getParseResult().hasSubcommand()) {
            System.exit(code);
        }
    }

    private static void serve(ServerCommand server) {
        try {
            var _ = server.call();
        } catch (Exception failure) {
            System.exit(Failures.tell(failure, new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
        }
    }
}
