package com.fyvault.docs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Files of the class path: our own, and those of the jar that Swagger UI comes in. Each is read once. */
final class Webjar {
    private static final String POM = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final Map<String, Buffer> READ = new ConcurrentHashMap<>();
    private static final String FOLDER = "META-INF/resources/webjars/swagger-ui/" + version() + "/";

    private Webjar() {}

    /** Where a file of Swagger UI lies. */
    static String file(String name) {
        return FOLDER + name;
    }

    /** The bytes of a file, read on a worker the first time. */
    static Future<Buffer> read(Vertx vertx, String resource) {
        @Nullable Buffer ready = READ.get(resource);
        return ready != null
                ? Future.succeededFuture(ready)
                : vertx.executeBlocking(() -> READ.computeIfAbsent(resource, Webjar::load), false);
    }

    private static Buffer load(String resource) {
        try (InputStream file = open(resource)) {
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String version() {
        try (InputStream file = open(POM)) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static InputStream open(String resource) throws IOException {
        @Nullable InputStream file = Webjar.class.getClassLoader().getResourceAsStream(resource);
        if (file == null) {
            throw new FileNotFoundException(resource);
        }
        return file;
    }
}
