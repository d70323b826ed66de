package com.fyvault.platform.postgres;

import com.fyvault.platform.config.ConfigError;
import com.fyvault.platform.config.PostgresSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** Brings the schema to this program's version, as the owner. Blocks; runs before anything listens. */
public final class Migrations {
    /** The newest script in db/migration; a test compares it with the folder. */
    public static final String NEWEST = "6.7";

    private Migrations() {}

    /** Migrates when the schema is older; says nothing when it is not. Starting Flyway takes half a second, so it is asked only then. */
    public static void run(PostgresSettings settings) {
        String owner = settings.ownerUser();
        String password = settings.ownerPassword();
        if (owner == null || password == null) {
            throw new ConfigError("postgres.owner.user and postgres.owner.password are needed to migrate");
        }
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(settings.jdbcUrl());
        database.setUser(owner);
        database.setPassword(password);
        // The policies bind the owner too.
        database.setOptions("-c " + Everywhere.SETTING + "=" + Everywhere.EVERY);
        if (isCurrent(database, settings, owner)) {
            return;
        }
        Flyway.configure()
                .dataSource(database)
                .placeholders(Map.of("app_role", settings.user()))
                .validateMigrationNaming(true)
                .load()
                .migrate();
    }

    private static boolean isCurrent(DataSource database, PostgresSettings settings, String owner) {
        try (Connection connection = database.getConnection();
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
