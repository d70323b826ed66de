package com.fyvault.cli;

import com.fyvault.crypto.RootKeyRefused;
import com.fyvault.platform.config.ConfigError;
import java.io.PrintWriter;
import picocli.CommandLine;

/** Says in one line what the operator can mend, and only for a bug where it happened. */
public final class Failures implements CommandLine.IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        return tell(failure, line.getErr());
    }

    /** Tells it there; the exit code. */
    public static int tell(Exception failure, PrintWriter err) {
        boolean mendable =
                failure instanceof ConfigError || failure instanceof RootKeyRefused || failure instanceof CliError;
        err.println("fyvault: " + (mendable ? failure.getMessage() : failure.toString()));
        if (!mendable) {
            failure.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
