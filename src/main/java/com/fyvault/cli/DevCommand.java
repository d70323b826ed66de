package com.fyvault.cli;

import com.fyvault.App;
import com.fyvault.Settings;
import com.fyvault.crypto.FileRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.Preload;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.postgres.Migrations;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fyvault dev}: everything on one machine, from nothing to a first secret. */
@Command(
        name = "dev",
        description = "Runs everything on this machine, with an embedded PostgreSQL.",
        mixinStandardHelpOptions = true)
public final class DevCommand implements Callable<Integer> {
    private static final int MOST_NODES = 9;
    private static final long KEY_SECONDS = 20;

    @Option(names = "--port", description = "Where to listen; 0 picks a free port. Default 8200.")
    private int port = 8200;

    @Option(names = "--data", description = "Where everything is kept. Default ./data.")
    private Path data = Path.of("data");

    @Option(names = "--demo", description = "Fills the organization with projects, secrets and keys to look at, once.")
    private boolean demo;

    @Option(names = "--nodes", description = "How many nodes, each a process of its own. Default 1, at most 9.")
    private int nodes = 1;

    @Option(names = "--redis", description = "Starts an embedded Redis too, and uses it.")
    private boolean redis;

    @Override
    public Integer call() throws Exception {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new CliError("--nodes wants 1 to " + MOST_NODES);
        }
        var _ = Preload.begin(); // While PostgreSQL starts.
        SecureRandom random = new SecureRandom();
        makePrivate(data);
        @Nullable FileLock lock = DataDirectory.tryLock(data);
        if (lock == null) {
            throw new CliError("another fyvault uses " + data + "; stop it or choose --data");
        }
        RootKeySource root = rootKey(DataDirectory.rootKey(data), random);
        DevDatabase database = DevDatabase.start(data, random);
        @Nullable DevRedis hints = redis ? DevRedis.start(data, random) : null;
        Settings settings = settings(database, hints);
        Migrations.run(settings.postgres());
        RunningServer server = RunningServer.start(settings, root);
        FurtherNodes others = FurtherNodes.start(nodes - 1, port, nodeSettings(database, hints), data);
        Stores stores = new Stores(database, hints);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(others, server, stores, lock), "fyvault-stop"));
        FirstStart.Facts facts = new FirstStart(data, server.app()).run();
        Banner.print(System.out, server.app().port(), facts, others.urls());
        if (demo) {
            fillDemo(server.app(), facts);
        }
        return 0;
    }

    /** After the banner: the key that it shows must not be lost with a demo that fails. */
    private void fillDemo(App app, FirstStart.Facts facts) throws IOException {
        Path done = data.resolve("demo.done");
        if (Files.exists(done)) {
            System.out.println("The demo is there from an earlier start; nothing was added.");
            return;
        }
        @Nullable String key = facts.key() == null ? System.getenv("FYVAULT_API_KEY") : facts.key();
        if (key == null) {
            throw new CliError(
                    "--demo works with an owner's key: set FYVAULT_API_KEY to one (`fyvault bootstrap` makes another)");
        }
        try (ApiClient api = new ApiClient(app.port(), facts.orgId(), key)) {
            Demo.Keys keys = request -> {
                var _ = RunningServer.await(app.ownerKeys().make(facts.orgId(), request), KEY_SECONDS);
            };
            System.out.println(new Demo(api, keys).fill());
        }
        Files.createFile(done);
    }

    private Settings settings(DevDatabase database, @Nullable DevRedis hints) {
        Map<String, String> values = database.settings();
        if (hints != null) {
            values.putAll(hints.settings());
        }
        values.put("http.port", Integer.toString(port));
        values.put("management.port", port == 0 ? "0" : Integer.toString(port + 1));
        values.put("profile", "dev");
        return Settings.from(Config.of(System.getenv(), values));
    }

    /** What a further node needs; it does not migrate, so the owner's role is not for it. */
    private Map<String, String> nodeSettings(DevDatabase database, @Nullable DevRedis hints) {
        Map<String, String> values = database.settings();
        if (hints != null) {
            values.putAll(hints.settings());
        }
        values.keySet().removeIf(name -> name.startsWith("postgres.owner."));
        values.put("profile", "dev");
        values.put("root.key.file", DataDirectory.rootKey(data).toAbsolutePath().toString());
        return values;
    }

    private static RootKeySource rootKey(Path file, SecureRandom random) {
        return Files.exists(file) ? FileRootKey.load(file, random) : FileRootKey.create(file, random);
    }

    private static void makePrivate(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** What the server stands on; Redis when it was asked for. */
    private record Stores(DevDatabase database, @Nullable DevRedis redis) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (database) {
                if (redis != null) {
                    redis.close();
                }
            }
        }
    }

    private static void stop(FurtherNodes others, RunningServer server, Stores stores, FileLock lock) {
        try (lock;
                stores;
                server;
                others) {
            System.err.println("fyvault: stopping");
        } catch (IOException already) {
            System.err.println("fyvault: " + already.getMessage());
        }
    }
}
