package com.fyvault.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dump that {@code pg_dump} makes of a database, where there is one that can: it reads no newer server than itself. */
public final class PgDump {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    private PgDump() {}

    /** Every row and definition of the database as text. Without a fitting pg_dump on the path the test is skipped. */
    public static String of(TestDatabase database) {
        long server = database.count("select current_setting('server_version_num')::int / 10000");
        int found = version();
        String why = "pg_dump skipped: the server is PostgreSQL " + server + ", pg_dump on the path is "
                + (found == 0 ? "missing" : Integer.toString(found));
        if (found < server) {
            System.out.println(why);
        }
        assumeTrue(found >= server, why);
        return run(database.server().superuserEnvironment(), "pg_dump", "--dbname", database.name());
    }

    private static int version() {
        try {
            Matcher matcher = VERSION.matcher(run(Map.of(), "pg_dump", "--version"));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (UncheckedIOException missing) {
            return 0;
        }
    }

    private static String run(Map<String, String> environment, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IllegalStateException(command[0] + " failed");
            }
            return out;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
