package com.fyvault.platform.postgres;

import com.fyvault.platform.config.ConfigError;
import com.fyvault.platform.config.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** Brings the schema to this program's version, as the owner. Blocks; runs before anything listens. */
public final class Migrations {
    /** The newest script in db/migration; a test compares it with the folder. */
    public static final String NEWEST = "6.1";

    private Migrations() {}

    /** Migrates when the schema is older; says nothing when it is not. Starting Flyway takes half a second, so it is asked only then. */
    public static void run(PostgresSettings settings) {
        String owner = settings.ownerUser();
        String password = settings.ownerPassword();
        if (owner == null || password == null) {
            throw new ConfigError("postgres.owner.user and postgres.owner.password are needed to migrate");
        }
        if (isCurrent(settings, owner, password)) {
            return;
        }
        Flyway.configure()
                .dataSource(settings.jdbcUrl(), owner, password)
                .placeholders(Map.of("app_role", settings.user()))
                // The policies bind the owner too.
                .initSql("set fyvault.org = 'every'")
                .validateMigrationNaming(true)
                .load()
                .migrate();
    }

    private static boolean isCurrent(PostgresSettings settings, String owner, String password) {
        try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), owner, password);
                Statement statement = connection.createStatement()) {
            return hasNewest(statement);
        } catch (SQLException away) {
            throw new ConfigError(
                    "cannot migrate: no connection to " + settings.jdbcUrl() + " as " + owner + ": "
                            + away.getMessage(),
                    away);
        }
    }

    private static boolean hasNewest(Statement statement) {
        String query = "select 1 from flyway_schema_history where version = '" + NEWEST + "' and success";
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        } catch (SQLException missing) {
            // Mostly: there is no such table yet. Whatever else it is, Flyway says it with words for the operator.
            return false;
        }
    }
}
