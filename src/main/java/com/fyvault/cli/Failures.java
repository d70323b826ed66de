package com.fyvault.cli;

import com.fyvault.crypto.RootKeyRefused;
import com.fyvault.platform.config.ConfigError;
import picocli.CommandLine;

/** Says in one line what the operator can mend, and only for a bug where it happened. */
public final class Failures implements CommandLine.IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        boolean mendable =
                failure instanceof ConfigError || failure instanceof RootKeyRefused || failure instanceof CliError;
        line.getErr().println("fyvault: " + (mendable ? failure.getMessage() : failure.toString()));
        if (!mendable) {
            failure.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
