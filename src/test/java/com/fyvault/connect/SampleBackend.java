package com.fyvault.connect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The sample of docs/PROVIDERS.md as it stands there: a provider's backend in Node, on this machine. */
final class SampleBackend implements AutoCloseable {
    private static final Path SAMPLE =
            Path.of(System.getProperty("fyvault.basedir", ".")).resolve("docs/samples/connect.mjs");

    private final Process process;
    private final String self;

    SampleBackend(String vault) throws IOException {
        int port = free();
        self = "http://127.0.0.1:" + port;
        ProcessBuilder builder = new ProcessBuilder("node", SAMPLE.toString()).redirectErrorStream(true);
        builder.environment().put("FYVAULT_URL", vault);
        builder.environment().put("PORT", Integer.toString(port));
        process = builder.start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = said.readLine();
        if (first == null || !first.startsWith("listening")) {
            throw new IllegalStateException("the sample says: " + first);
        }
    }

    static boolean isThere() {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }

    String start() {
        return self + "/start";
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
