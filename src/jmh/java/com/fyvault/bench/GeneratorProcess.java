package com.fyvault.bench;

import com.fyvault.bench.LoadGenerator.Mode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A load generator in a process of its own, so that its CPU is not the server's and its pauses not the clock's. */
final class GeneratorProcess implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Dio.netty.leakDetection.level=disabled");

    private final ChildProcess process;

    private GeneratorProcess(ChildProcess process) {
        this.process = process;
    }

    /** An empty authorization sends none. */
    static GeneratorProcess start(String url, String authorization, int connections) throws IOException {
        ProcessBuilder command = ChildProcess.java(
                FLAGS, LoadGenerator.class, "--url", url, "--connections", Integer.toString(connections), "--commands");
        if (!authorization.isEmpty()) {
            command.environment().put(LoadGenerator.AUTHORIZATION, authorization);
        }
        return new GeneratorProcess(ChildProcess.start("the load generator", command));
    }

    LoadResult run(Mode mode, int rate, double seconds) throws IOException, InterruptedException {
        process.send(LoadGenerator.command(mode, rate, seconds));
        Duration limit =
                Duration.ofSeconds((long) seconds + 1).plus(LoadWindow.DRAIN).plusSeconds(10);
        return LoadResult.fromJson(new JsonObject(process.await("\"mode\"", limit)));
    }

    @Override
    public void close() {
        process.close();
    }
}
