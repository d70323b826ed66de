package com.fyvault.cli;

import com.fyvault.App;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the first organization, key and secret when the data directory has none, and remembers which
 * they are. A start that was cut short anywhere is taken up by the next one: it makes no second
 * organization, only another key, because nobody has seen the first.
 */
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
        @Nullable UUID known = known();
        if (known != null) {
            return new Facts(known, null);
        }
        var made = RunningServer.await(app.bootstrap().makeFirst("Example", "owner@example.com"), SECONDS);
        String key = made.key().exposeText();
        try (ApiClient api = new ApiClient(app.port(), made.orgId(), key)) {
            // There already, when an earlier start was cut short after it.
            if (api.list("/secrets?search=" + SECRET_NAME).isEmpty()) {
                var _ = api.post(
                        "/secrets", new JsonObject().put("name", SECRET_NAME).put("value", "it works"));
            }
        }
        remember(made.orgId());
        return new Facts(made.orgId(), key);
    }

    private @Nullable UUID known() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        Properties known = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            known.load(reader);
        }
        @Nullable String org = known.getProperty("org");
        return org == null ? null : UUID.fromString(org);
    }

    /** All of it or nothing: the file takes its name when it is whole. */
    private void remember(UUID orgId) throws IOException {
        Properties facts = new Properties();
        facts.setProperty("org", orgId.toString());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        var _ = Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(draft)) {
            facts.store(writer, "The organization that the first start made");
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
