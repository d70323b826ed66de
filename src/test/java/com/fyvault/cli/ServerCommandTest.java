package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is read without picocli is read as picocli reads it, or left to it. */
class ServerCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "server",
                "server --config fyvault.properties",
                "server --config /etc/fyvault/node-1.properties --no-migrate",
                "server --no-migrate --end-with-input --config ../fyvault.properties",
                "server --end-with-input",
            })
    void readsThePlainFormAsPicocliDoes(String line) {
        String[] args = line.split(" ");
        ServerCommand asked = new ServerCommand();
        var _ = new CommandLine(asked).parseArgs(Arrays.copyOfRange(args, 1, args.length));
        assertThat(values(Objects.requireNonNull(ServerCommand.plain(args)))).isEqualTo(values(asked));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server --help",
                "server --version",
                "server --config",
                "server --config --no-migrate",
                "server --config=fyvault.properties",
                "server --config a --config b",
                "server --config @file",
                "server --no-migrate --no-migrate",
                "server --no-migrate=false",
                "server @file",
                "server more",
                "server --",
                "dev",
                "--help",
            })
    void leavesTheRestToPicocli(String line) {
        assertThat(ServerCommand.plain(line.split(" "))).isNull();
    }

    @Test
    void leavesNothingAtAllToPicocli() {
        assertThat(ServerCommand.plain()).isNull();
        assertThat(ServerCommand.plain("server", "--config", "")).isNull();
        assertThat(ServerCommand.plain("server", "--config", "$HOME/my file")).isNull();
    }

    private static Map<String, @Nullable Object> values(ServerCommand command) {
        Map<String, @Nullable Object> values = new HashMap<>();
        for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
            values.put(option.longestName(), option.getValue());
        }
        return values;
    }
}
