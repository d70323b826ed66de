package com.fyvault.cli;

import com.fyvault.App;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the first organization, key and secret when the data directory has none, and remembers which they are. */
final class FirstStart {
    static final String SECRET_NAME = "HELLO_FYVAULT";
    private static final long SECONDS = 20;

    private final Path file;
    private final App app;

    /** @param key the owner's key, on the first start only */
    record Facts(UUID orgId, @Nullable String key) {}

    FirstStart(Path data, App app) {
        this.file = data.resolve("organization.properties");
        this.app = app;
    }

    Facts run() throws IOException {
        if (Files.exists(file)) {
            Properties known = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                known.load(reader);
            }
            return new Facts(UUID.fromString(known.getProperty("org")), null);
        }
        var made = RunningServer.await(app.bootstrap().make("Example", "owner@example.com"), SECONDS);
        String key = made.key().exposeText();
        try (ApiClient api = new ApiClient(app.port(), made.orgId(), key)) {
            var _ = api.post(
                    "/secrets", new JsonObject().put("name", SECRET_NAME).put("value", "it works"));
        }
        Properties facts = new Properties();
        facts.setProperty("org", made.orgId().toString());
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(file)) {
            facts.store(writer, "The organization that the first start made");
        }
        return new Facts(made.orgId(), key);
    }
}
