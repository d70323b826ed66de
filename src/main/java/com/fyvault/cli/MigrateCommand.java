package com.fyvault.cli;

import com.fyvault.Settings;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.postgres.Migrations;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code fyvault migrate}: brings the schema to this program's version as the owner, and ends. For
 * where the owner's password is not to lie beside the running servers: they get {@code --no-migrate},
 * or a configuration without it. It needs no root key.
 */
@Command(
        name = "migrate",
        description = "Brings the schema of a PostgreSQL to this version, with the owner's password, and ends.",
        mixinStandardHelpOptions = true)
public final class MigrateCommand implements Callable<Integer> {
    @Option(names = "--config", description = "The server's properties file; variables FYVAULT_... win over it.")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        Settings settings = Settings.from(Config.load(config, System.getenv()));
        Migrations.run(settings.postgres());
        System.out.println("fyvault: the schema is at version " + Migrations.NEWEST);
        return 0;
    }
}
