package com.fyvault.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and links the classes of a start and of the first requests before there are event loops. A class
 * is read, parsed and verified by whoever needs it first; without this an event loop of a cold process
 * was held for 50 to 400 ms by it, 12 to 46 times (docs/BENCHMARKS.md). Loading initializes
 * nothing, so nothing happens but that.
 *
 * <p>The names were taken from the log of class loading of a test run: {@code .ci/preload-list} makes
 * them anew. A name that is gone costs nothing, and a class that is not named loads when it is needed.
 * Bouncy Castle is left out: the cache of loaded classes takes none from a signed jar, so that a start paid
 * 0.2 s of processor for them, and only workers use it.
 */
public final class Preload {
    private static final Logger LOG = LoggerFactory.getLogger(Preload.class);
    private static final String NAMES = "preload.txt";

    private static @Nullable CompletableFuture<Void> begun;

    private Preload() {}

    /** Begins, on a thread of its own, unless it has begun. What it returns is done when all are loaded. */
    public static synchronized CompletableFuture<Void> begin() {
        if (begun == null) {
            begun = CompletableFuture.runAsync(
                    () -> {
                        int _ = load(names());
                        writeOnce();
                    },
                    task -> {
                        Thread _ = Thread.ofPlatform()
                                .daemon()
                                .name("fyvault-preload")
                                .start(task);
                    });
        }
        return begun;
    }

    /** Writes a JSON tree, which takes long the first time although its classes are there. */
    private static void writeOnce() {
        String written = new ObjectMapper().createObjectNode().put("a", 1).toString();
        LOG.debug("used once: {}", written);
    }

    /**
     * Says a TLS client's first words: they take a tenth of a second, most of it for reading certificates. Whoever serves
     * need not wait for that, only do it before an event loop does.
     */
    public static void useTls() {
        try {
            SSLEngine client = SSLContext.getDefault().createSSLEngine("localhost", 1);
            client.setUseClientMode(true);
            client.beginHandshake();
            ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
            SSLEngineResult made = client.wrap(ByteBuffer.allocate(0), hello);
            LOG.debug("used once: TLS, {}", made.getStatus());
        } catch (GeneralSecurityException | SSLException none) {
            LOG.atDebug().addKeyValue("cause", none.getClass().getSimpleName()).log("no TLS to use once");
        }
    }

    /** The names of the classes, sorted. */
    static List<String> names() {
        try (InputStream in = Objects.requireNonNull(Preload.class.getResourceAsStream(NAMES));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return lines.lines().toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Loads and links these classes. @return how many there are */
    static int load(List<String> names) {
        long start = System.nanoTime();
        int loaded = 0;
        ClassLoader loader = Preload.class.getClassLoader();
        for (String name : names) {
            try {
                // Asking for its constructors links a class; loading it does not.
                var _ = Class.forName(name, false, loader).getDeclaredConstructors();
                loaded++;
            } catch (ClassNotFoundException | LinkageError absent) {
                LOG.atDebug().addKeyValue("class", name).log("not there to load");
            }
        }
        LOG.atDebug()
                .addKeyValue("classes", loaded)
                .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
                .log("loaded classes");
        return loaded;
    }
}
