package com.fyvault.cli;

import com.fyvault.App;
import com.fyvault.Settings;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.crypto.FileRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.MintedToken;
import io.vertx.core.Vertx;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code fyvault bootstrap}: an organization with its owner and the owner's key, or another key for an
 * owner who lost the last one. Whoever can run it has the root key and the database, so it asks for no
 * token; what it does is in the audit trail. It works beside running servers.
 */
@Command(
        name = "bootstrap",
        description = "Makes an organization, or with --org another owner's key for one; prints the key once.",
        mixinStandardHelpOptions = true)
public final class BootstrapCommand implements Callable<Integer> {
    private static final long SECONDS = 30;

    @Option(names = "--config", description = "The server's properties file; variables FYVAULT_... win over it.")
    private @Nullable Path config;

    @Option(names = "--data", description = "In place of --config: the directory of a development server.")
    private @Nullable Path data;

    @Option(names = "--org", description = "An organization that exists: makes another key of its owner.")
    private @Nullable UUID org;

    @Option(names = "--name", description = "The name of a new organization. Default \"${DEFAULT-VALUE}\".")
    private String name = "My organization";

    @Option(names = "--email", description = "The address of its owner. Default \"${DEFAULT-VALUE}\".")
    private String email = "owner@example.com";

    @Option(names = "--base-url", description = "What to print as FYVAULT_BASE_URL. Default \"${DEFAULT-VALUE}\".")
    private String baseUrl = "http://127.0.0.1:8200/api/v1";

    @Override
    public Integer call() throws Exception {
        if (name.isBlank() || name.length() > 200 || !email.contains("@")) {
            throw new CliError("--name is 1 to 200 characters and --email an address");
        }
        if (data == null) {
            Settings settings = Settings.from(Config.load(config, System.getenv()));
            run(settings, settings.rootKey().open(new SecureRandom(), System.getenv()));
            return 0;
        }
        if (config != null) {
            throw new CliError("give --config or --data, not both");
        }
        runWithData(data);
        return 0;
    }

    /** With the database of a development server: the one that it runs, or started here for a moment when it does not. */
    private void runWithData(Path directory) throws Exception {
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
            run(Settings.from(Config.of(values)), root);
        }
    }

    private void run(Settings settings, RootKeySource root) {
        Vertx vertx = Vertx.vertx();
        try {
            Bootstrap bootstrap = RunningServer.await(App.bootstrap(vertx, settings, root), SECONDS);
            if (org == null) {
                Bootstrap.Made made = RunningServer.await(bootstrap.make(name, email), SECONDS);
                print(made.orgId(), made.key());
            } else {
                MintedToken key = RunningServer.await(bootstrap.anotherKey(org), SECONDS);
                print(org, key);
            }
        } catch (Refusal refused) {
            throw new CliError(refused.publicText(), refused);
        } finally {
            var _ = RunningServer.await(vertx.close(), SECONDS);
        }
    }

    private void print(UUID orgId, MintedToken key) {
        System.out.println("FYVAULT_BASE_URL=" + baseUrl);
        System.out.println("FYVAULT_ORG_ID=" + orgId);
        System.out.println("FYVAULT_API_KEY=" + key.exposeText());
        System.out.flush();
        System.err.println("The key is shown this once.");
    }
}
