package com.fyvault.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of our own under the data directory: native binaries, durable as any other, reachable
 * on loopback with passwords only. The passwords lie beside it in a file that only its owner reads.
 */
final class DevDatabase implements AutoCloseable {
    private static final String DATABASE = "fyvault";
    private static final String OWNER = "fyvault_owner";
    private static final String APPLICATION = "fyvault_app";
    private static final String SUPERUSER = "postgres";
    private static final Duration START = Duration.ofSeconds(30);
    private static final int PASSWORD_BYTES = 24;

    /** Null when another process of ours has started it, and will stop it. */
    private final @Nullable EmbeddedPostgres postgres;

    private final int port;
    private final Properties passwords;

    private DevDatabase(@Nullable EmbeddedPostgres postgres, int port, Properties passwords) {
        this.postgres = postgres;
        this.port = port;
        this.passwords = passwords;
    }

    /** The database that a running development server has started in the directory. */
    static DevDatabase attach(Path directory) throws IOException {
        // The fourth line of the file is the port (PostgreSQL, miscadmin.h).
        List<String> lines = Files.readAllLines(directory.resolve("postgres").resolve("postmaster.pid"));
        return new DevDatabase(
                null, Integer.parseInt(lines.get(3).strip()), read(directory.resolve("postgres.properties")));
    }

    /** Starts the database in the directory; makes it, its roles and its passwords on the first start. */
    static DevDatabase start(Path directory, SecureRandom random) throws IOException, SQLException {
        Path cluster = directory.resolve("postgres");
        Path secrets = directory.resolve("postgres.properties");
        stopLeftover(cluster);
        boolean first = !Files.exists(secrets);
        Properties passwords = first ? create(secrets, random) : read(secrets);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START)
                // A young database makes a new segment of its log again and again; one of the usual 16 MiB holds
                // every commit up for 40 to 60 ms, one of 1 MiB for less than a read takes (docs/BENCHMARKS.md).
                .setLocaleConfig("wal-segsize", "1")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "100")
                .setServerConfig("logging_collector", "off")
                .setServerConfig("log_parameter_max_length", "0")
                .setServerConfig("log_parameter_max_length_on_error", "0")
                .setServerConfig("log_error_verbosity", "terse")
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgres.log").toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgres.log").toFile()));
        if (Files.exists(cluster.resolve("locked"))) {
            builder.setConnectConfig("password", passwords.getProperty(SUPERUSER));
        }
        EmbeddedPostgres started = builder.start();
        DevDatabase database = new DevDatabase(started, started.getPort(), passwords);
        if (!Files.exists(cluster.resolve("locked"))) {
            database.lock(cluster);
        }
        return database;
    }

    int port() {
        return port;
    }

    /** The settings of a server that uses it. */
    Map<String, String> settings() {
        Map<String, String> values = new HashMap<>();
        values.put("postgres.port", Integer.toString(port()));
        values.put("postgres.database", DATABASE);
        values.put("postgres.user", APPLICATION);
        values.put("postgres.password", password());
        values.put("postgres.owner.user", OWNER);
        values.put("postgres.owner.password", ownerPassword());
        return values;
    }

    private String ownerPassword() {
        return passwords.getProperty(OWNER);
    }

    private String password() {
        return passwords.getProperty(APPLICATION);
    }

    @Override
    public void close() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    /** First start: roles, database, and from then on no connection without a password. */
    private void lock(Path cluster) throws SQLException, IOException {
        String url = "jdbc:postgresql://127.0.0.1:" + port() + "/postgres?user=" + SUPERUSER;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String role : List.of(OWNER, APPLICATION)) {
                statement.execute("drop role if exists " + role);
                statement.execute("create role " + role + " login password '" + passwords.getProperty(role) + "'");
            }
            statement.execute("create database " + DATABASE + " owner " + OWNER);
            statement.execute("alter role " + SUPERUSER + " password '" + passwords.getProperty(SUPERUSER) + "'");
            Files.writeString(cluster.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        }
        Files.writeString(cluster.resolve("locked"), "pg_hba.conf asks for passwords\n");
    }

    /** A server that was killed leaves its database running; nobody else may use this directory, so it is ours to stop. */
    private static void stopLeftover(Path cluster) throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        ProcessHandle.of(pid).filter(DevDatabase::isPostgres).ifPresent(leftover -> {
            try {
                new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
                leftover.onExit().get(START.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception stuck) {
                throw new CliError("a PostgreSQL of an earlier run does not stop (process " + pid + ")", stuck);
            }
        });
        Files.deleteIfExists(pidFile);
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().map(c -> c.endsWith("postgres")).orElse(true);
    }

    private static Properties create(Path file, SecureRandom random) throws IOException {
        Properties passwords = new Properties();
        for (String role : List.of(SUPERUSER, OWNER, APPLICATION)) {
            byte[] bytes = new byte[PASSWORD_BYTES];
            random.nextBytes(bytes);
            passwords.setProperty(role, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var writer = Files.newBufferedWriter(file)) {
            passwords.store(writer, "Passwords of the embedded PostgreSQL");
        }
        return passwords;
    }

    private static Properties read(Path file) throws IOException {
        Properties passwords = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            passwords.load(reader);
        }
        return passwords;
    }
}
