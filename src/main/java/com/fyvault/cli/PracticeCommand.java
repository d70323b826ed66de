package com.fyvault.cli;

import com.fyvault.Settings;
import com.fyvault.crypto.FileRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.postgres.Migrations;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code fyvault practice}: a start with data that is thrown away, and some requests of each kind. The
 * script runs it once after a build while the virtual machine takes down which classes are loaded and
 * which methods are hot; with that at hand later starts take half the time, and the first requests
 * load nothing (docs/BENCHMARKS.md). It holds no key or value that is used anywhere.
 */
@Command(name = "practice", description = "Starts and stops, for the cache of loaded classes.", hidden = true)
public final class PracticeCommand implements Callable<Integer> {
    private static final int ROUNDS = 20;
    private static final long KEY_SECONDS = 20;

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("fyvault-practice");
        try {
            SecureRandom random = new SecureRandom();
            RootKeySource root = FileRootKey.create(DataDirectory.rootKey(data), random);
            try (DevDatabase database = DevDatabase.start(data, random)) {
                Settings settings = settings(database);
                Migrations.run(settings.postgres());
                // A second time, as at most starts: the schema is there.
                Migrations.run(settings.postgres());
                FirstStart.Facts facts;
                try (RunningServer server = RunningServer.start(settings, root)) {
                    facts = new FirstStart(data, server.app()).run();
                }
                // Another one, which has nothing in memory: its first read takes ways that later ones do not.
                try (RunningServer server = RunningServer.start(settings, root);
                        ApiClient api = client(server, facts)) {
                    useEverything(api);
                    makeKey(server, facts);
                }
            }
        } finally {
            delete(data);
        }
        return 0;
    }

    private static Settings settings(DevDatabase database) {
        Map<String, String> values = database.settings();
        values.put("http.port", "0");
        values.put("management.port", "0");
        values.put("profile", "dev");
        return Settings.from(Config.of(values));
    }

    private static ApiClient client(RunningServer server, FirstStart.Facts facts) {
        return new ApiClient(server.app().port(), facts.orgId(), Objects.requireNonNull(facts.key()));
    }

    private static void useEverything(ApiClient api) throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            var _ = api.get("/secrets/by-name/" + FirstStart.SECRET_NAME + "/value");
        }
        var _ = api.post("/secrets", new JsonObject().put("name", "PRACTICE").put("value", "practice"));
        var _ = api.post("/access-tokens", new JsonObject().put("ttlSeconds", 900));
        for (String path : List.of(
                "/secrets",
                "/projects",
                "/environments",
                "/api-keys",
                "/access-tokens",
                "/environments/development/values",
                "/audit?limit=10")) {
            var _ = api.list(path);
        }
    }

    private static void makeKey(RunningServer server, FirstStart.Facts facts) {
        JsonObject key = new JsonObject()
                .put("label", "Practice")
                .put("scopes", List.of("secrets:read"))
                .put("cidrs", List.of("127.0.0.1/32", "::1/128"));
        var _ = RunningServer.await(server.app().ownerKeys().make(facts.orgId(), key), KEY_SECONDS);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
