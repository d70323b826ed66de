package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.postgres.Migrations;
import com.fyvault.support.LogCapture;
import com.fyvault.support.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MigrateIT {
    private static final String DATABASE =
            "fyvault_migrate_" + ProcessHandle.current().pid();
    private final TestPostgres postgres = TestPostgres.shared();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeAnEmptyDatabase() throws SQLException {
        inPostgres("create database " + DATABASE + " template template0 owner fyvault_owner");
    }

    @AfterEach
    void dropIt() throws SQLException {
        inPostgres("drop database " + DATABASE + " with (force)");
    }

    @Test
    void bringsAnEmptyDatabaseToTheNewestSchemaAndASecondTimeChangesNothing() throws Exception {
        try (LogCapture log = LogCapture.open()) {
            assertThat(migrate(Map.of())).as(errors.toString()).isZero();
            assertThat(log.linesWith("\"WARN\"")).isEmpty();
        }
        String made = history();
        assertThat(made).startsWith(Migrations.NEWEST + " ");
        assertThat(one("select count(*) from org")).isEqualTo("0");
        assertThat(one("select has_table_privilege('fyvault_app', 'org', 'select')"))
                .isEqualTo("t");

        assertThat(migrate(Map.of())).isZero();
        assertThat(history()).isEqualTo(made);
    }

    @Test
    void endsWith1AndNamesTheSettingWhenTheOwnerHasNoPassword() throws Exception {
        assertThat(migrate(Map.of("postgres.owner.password", ""))).isEqualTo(1);
        assertThat(errors.toString()).contains("postgres.owner.password").hasLineCount(1);
    }

    @Test
    void endsWith1AndNamesTheAddressWhenPostgresIsAway() throws Exception {
        String nobody = Integer.toString(freePort());
        assertThat(migrate(Map.of("postgres.host", "127.0.0.1", "postgres.port", nobody)))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("127.0.0.1:" + nobody).doesNotContain("\tat ");
    }

    @Test
    void endsWith1AndNamesTheRoleWhenItsPasswordIsWrong() throws Exception {
        inPostgres("create role fyvault_stranger password 'not this one' nologin");
        try {
            assertThat(migrate(Map.of("postgres.owner.user", "fyvault_stranger")))
                    .isEqualTo(1);
            assertThat(errors.toString())
                    .contains("fyvault_stranger")
                    .doesNotContain("not this one")
                    .doesNotContain("\tat ");
        } finally {
            inPostgres("drop role fyvault_stranger");
        }
    }

    private int migrate(Map<String, String> overrides) throws IOException {
        Map<String, String> values = new HashMap<>(postgres.settings(DATABASE));
        values.putAll(overrides);
        values.values().removeIf(String::isEmpty);
        Properties properties = new Properties();
        properties.putAll(values);
        Path file = directory.resolve("fyvault.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        errors.getBuffer().setLength(0);
        return new CommandLine(new MigrateCommand())
                .setExecutionExceptionHandler(new Failures())
                .setErr(new PrintWriter(errors, true))
                .execute("--config", file.toString());
    }

    private String history() throws SQLException {
        return one("select version || ' ' || installed_on from flyway_schema_history where success"
                + " order by installed_rank desc limit 1");
    }

    private String one(String query) throws SQLException {
        try (Connection connection = postgres.superuser(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private void inPostgres(String sql) throws SQLException {
        try (Connection connection = postgres.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
