package com.fyvault.support;

import com.fyvault.Settings;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.postgres.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL, durable as in production, with the two roles and a migrated template database
 * from which each test gets its own copy.
 *
 * <p>{@link #shared} is one server a JVM: embedded, unless FYVAULT_TEST_POSTGRES_URL is the JDBC
 * address of a superuser elsewhere or FYVAULT_TEST_POSTGRES is {@code container}. {@link #own} is a
 * server that a test may stop or kill.
 */
public final class TestPostgres implements AutoCloseable {
    private static final String TEMPLATE = "fyvault_template";
    private static final String OWNER = "fyvault_owner";
    private static final String APPLICATION = "fyvault_app";
    private static final String PASSWORD = "only-in-tests";
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static @Nullable TestPostgres shared;

    private final Address address;
    private final Runnable stop;
    private final @Nullable Path data;

    /** Where the superuser connects. */
    private record Address(String host, int port, String user, String password) {}

    private TestPostgres(Address address, Runnable stop, @Nullable Path data) {
        this.address = address;
        this.stop = stop;
        this.data = data;
    }

    /** The server that tests share; it stops with the JVM. */
    public static synchronized TestPostgres shared() {
        if (shared == null) {
            TestPostgres started = startShared();
            started.makeTemplate();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "test-postgres-stop"));
            shared = started;
        }
        return shared;
    }

    /** An embedded server of the test's own. */
    public static TestPostgres own() {
        TestPostgres started = embedded(freshDirectory());
        started.makeTemplate();
        return started;
    }

    /** An embedded server with its data where the test wants it. */
    public static TestPostgres own(Path directory) {
        TestPostgres started = embedded(directory);
        started.makeTemplate();
        return started;
    }

    /** A new database with the schema and nothing in it. */
    public TestDatabase create() {
        String name = "fyvault_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
        execute("postgres", "create database " + name + " template " + TEMPLATE + " owner " + OWNER);
        return new TestDatabase(this, name);
    }

    public String host() {
        return address.host();
    }

    public int port() {
        return address.port();
    }

    /** The settings with which a server finds a database here. */
    public Map<String, String> settings(String database) {
        Map<String, String> values = new HashMap<>();
        values.put("postgres.host", host());
        values.put("postgres.port", Integer.toString(port()));
        values.put("postgres.database", database);
        values.put("postgres.user", APPLICATION);
        values.put("postgres.password", PASSWORD);
        values.put("postgres.owner.user", OWNER);
        values.put("postgres.owner.password", PASSWORD);
        return values;
    }

    /** A connection that may do everything, also what the application may not. */
    public Connection superuser(String database) throws SQLException {
        String url = "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
        return DriverManager.getConnection(url, address.user(), address.password());
    }

    /** The same for the programs that come with PostgreSQL. */
    Map<String, String> superuserEnvironment() {
        return Map.of(
                "PGHOST", host(),
                "PGPORT", Integer.toString(port()),
                "PGUSER", address.user(),
                "PGPASSWORD", address.password());
    }

    /** The data directory of an embedded server. */
    public Path data() {
        if (data == null) {
            throw new IllegalStateException("this PostgreSQL keeps its files elsewhere");
        }
        return data;
    }

    public boolean isEmbedded() {
        return data != null;
    }

    /** What runs of an embedded server. */
    public PostgresProcesses processes() {
        return new PostgresProcesses(data());
    }

    /** Waits until the server takes connections again after a crash. */
    public void awaitReady() {
        while (!isReady()) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** True when the server takes connections. */
    public boolean isReady() {
        try (Connection connection = superuser("postgres")) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        stop.run();
    }

    void execute(String database, String sql) {
        try (Connection connection = superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    private static TestPostgres startShared() {
        @Nullable String url = System.getenv("FYVAULT_TEST_POSTGRES_URL");
        if (url != null) {
            return elsewhere(url);
        }
        return "container".equals(System.getenv("FYVAULT_TEST_POSTGRES")) ? container() : embedded(freshDirectory());
    }

    private static TestPostgres elsewhere(String url) {
        URI uri = URI.create(url.substring("jdbc:".length()));
        Map<String, String> query = new HashMap<>();
        for (String pair : String.valueOf(uri.getQuery()).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        String user = query.getOrDefault("user", "postgres");
        return new TestPostgres(
                new Address(uri.getHost(), port, user, query.getOrDefault("password", "")), () -> {}, null);
    }

    @SuppressWarnings("resource") // Lives as long as the fixture, whose close stops it.
    private static TestPostgres container() {
        PostgreSQLContainer started = new PostgreSQLContainer("postgres:18")
                .withUsername("postgres")
                .withPassword(PASSWORD)
                .withCommand("postgres", "-c", "track_commit_timestamp=on", "-c", "max_connections=200");
        started.start();
        Address address = new Address(started.getHost(), started.getFirstMappedPort(), "postgres", PASSWORD);
        return new TestPostgres(address, started::stop, null);
    }

    private static TestPostgres embedded(Path directory) {
        Path cluster = directory.resolve("postgres");
        File log = directory.resolve("postgres.log").toFile();
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setDataDirectory(cluster)
                    .setCleanDataDirectory(true)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("shared_buffers", "64MB")
                    .setServerConfig("recovery_init_sync_method", "syncfs")
                    .setServerConfig("track_commit_timestamp", "on")
                    .setServerConfig("log_parameter_max_length", "0")
                    .setServerConfig("log_parameter_max_length_on_error", "0")
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log))
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            Address address = new Address("127.0.0.1", started.getPort(), "postgres", "");
            return new TestPostgres(address, () -> stop(started), cluster);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void stop(EmbeddedPostgres server) {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path freshDirectory() {
        try {
            Path parent = Files.createDirectories(Figures.target().resolve("test-postgres"));
            return Files.createTempDirectory(parent, "run");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void makeTemplate() {
        for (String role : new String[] {OWNER, APPLICATION}) {
            execute("postgres", """
                    do $$ begin
                        if not exists (select from pg_roles where rolname = '%s') then
                            create role %s login password '%s';
                        end if;
                    end $$
                    """.formatted(role, role, PASSWORD));
        }
        execute("postgres", "drop database if exists " + TEMPLATE);
        execute("postgres", "create database " + TEMPLATE + " owner " + OWNER);
        Migrations.run(Settings.from(Config.of(settings(TEMPLATE))).postgres());
    }
}
