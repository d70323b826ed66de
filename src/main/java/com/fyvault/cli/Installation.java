package com.fyvault.cli;

import com.fyvault.App;
import com.fyvault.Settings;
import com.fyvault.crypto.FileRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Vertx;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * The installation that an operator's command works on, beside running servers. Whoever can run it has
 * the root key and the database, so it asks for no token; what it does is in the audit trail.
 */
final class Installation {
    static final long SECONDS = 30;

    @Option(
            names = "--config",
            scope = CommandLine.ScopeType.INHERIT,
            description = "The server's properties file; variables FYVAULT_... win over it.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            scope = CommandLine.ScopeType.INHERIT,
            description = "In place of --config: the directory of a development server.")
    private @Nullable Path data;

    /** What the command does with it. */
    interface Work {
        void on(App.Operator operator);
    }

    void run(Work work) throws Exception {
        if (data == null) {
            Settings settings = Settings.from(Config.load(config, System.getenv()));
            run(settings, settings.rootKey().open(new SecureRandom(), System.getenv()), work);
            return;
        }
        if (config != null) {
            throw new CliError("give --config or --data, not both");
        }
        runWithData(data, work);
    }

    /** With the database of a development server: the one that it runs, or started here for a moment when it does not. */
    private static void runWithData(Path directory, Work work) throws Exception {
        if (!Files.exists(DataDirectory.rootKey(directory))) {
            throw new CliError("no development server has run in " + directory);
        }
        SecureRandom random = new SecureRandom();
        RootKeySource root = FileRootKey.load(DataDirectory.rootKey(directory), random);
        try (FileLock own = DataDirectory.tryLock(directory);
                DevDatabase database =
                        own == null ? DevDatabase.attach(directory) : DevDatabase.start(directory, random)) {
            Map<String, String> values = database.settings();
            values.put("profile", "dev");
            run(Settings.from(Config.of(values)), root, work);
        }
    }

    private static void run(Settings settings, RootKeySource root, Work work) {
        Vertx vertx = Vertx.vertx();
        try {
            work.on(RunningServer.await(App.operator(vertx, settings, root), SECONDS));
        } catch (Refusal refused) {
            throw new CliError(refused.publicText(), refused);
        } finally {
            var _ = RunningServer.await(vertx.close(), SECONDS);
        }
    }
}
