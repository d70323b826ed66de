package com.fyvault.cli;

import com.fyvault.Settings;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.Preload;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.postgres.Migrations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fyvault server}: one node against a PostgreSQL that is there already. */
@Command(name = "server", description = "Runs a node against an existing PostgreSQL.", mixinStandardHelpOptions = true)
public final class ServerCommand implements Callable<Integer> {
    @Option(names = "--config", description = "A properties file; variables FYVAULT_... win over it.")
    private @Nullable Path config;

    @Option(names = "--no-migrate", description = "Do not touch the schema at start.")
    private boolean noMigrate;

    @Option(names = "--end-with-input", hidden = true, description = "Ends when standard input does.")
    private boolean endWithInput;

    /**
     * The command that these arguments ask for when they are a server's in the plainest form, else null and picocli looks at
     * them. A server is to start quickly, and picocli's classes, of a format that no cache takes, cost a fifth of a second.
     */
    public static @Nullable ServerCommand plain(String... args) {
        if (args.length == 0 || !args[0].equals("server")) {
            return null;
        }
        ServerCommand command = new ServerCommand();
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--config") && command.config == null && i + 1 < args.length && isFile(args[i + 1])) {
                command.config = Path.of(args[++i]);
            } else if (args[i].equals("--no-migrate") && !command.noMigrate) {
                command.noMigrate = true;
            } else if (args[i].equals("--end-with-input") && !command.endWithInput) {
                command.endWithInput = true;
            } else {
                return null;
            }
        }
        return command;
    }

    /** Not an option, and nothing that picocli would take apart. */
    private static boolean isFile(String arg) {
        return arg.matches("[A-Za-z0-9_./][A-Za-z0-9_./-]*");
    }

    @Override
    public Integer call() throws Exception {
        var _ = Preload.begin(); // While the schema is looked at.
        Settings settings = Settings.from(Config.load(config, System.getenv()));
        if (!noMigrate && settings.postgres().ownerPassword() != null) {
            Migrations.run(settings.postgres());
        }
        RootKeySource root = settings.rootKey().open(new SecureRandom(), System.getenv());
        RunningServer server = RunningServer.start(settings, root);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "fyvault-stop"));
        System.out.println("fyvault: listening on http://" + settings.http().host() + ":"
                + server.app().port());
        if (endWithInput) {
            Thread watch = new Thread(ServerCommand::endWithInput, "fyvault-input");
            watch.setDaemon(true);
            watch.start();
        }
        return 0;
    }

    private static void endWithInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // The other end has gone, which is what was waited for.
        }
        System.exit(0);
    }
}
