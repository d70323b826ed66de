package com.fyvault.bench;

import com.fyvault.bench.LoadGenerator.Mode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A server under load: its generator and the clocks that tell what it costs. */
final class ReadSubject {
    private final String name;
    private final GeneratorProcess generator;
    private final CpuClock server;
    private final @Nullable CpuClock postgres;

    ReadSubject(String name, GeneratorProcess generator, CpuClock server, @Nullable CpuClock postgres) {
        this.name = name;
        this.generator = generator;
        this.server = server;
        this.postgres = postgres;
    }

    String name() {
        return name;
    }

    ReadWindow closed(double seconds) throws IOException, InterruptedException {
        return measure(Mode.CLOSED, 0, seconds);
    }

    ReadWindow open(int rate, double seconds) throws IOException, InterruptedException {
        return measure(Mode.OPEN, rate, seconds);
    }

    private ReadWindow measure(Mode mode, int rate, double seconds) throws IOException, InterruptedException {
        MachineCpu machine = MachineCpu.now();
        long postgresNanos = postgres == null ? 0 : postgres.nanos();
        long serverNanos = server.nanos();
        LoadResult load = generator.run(mode, rate, seconds);
        serverNanos = server.nanos() - serverNanos;
        postgresNanos = postgres == null ? 0 : postgres.nanos() - postgresNanos;
        if (!load.errors().isEmpty()) {
            throw new IllegalStateException(name + " answered with errors: " + load.errors());
        }
        double requests = Math.max(1, load.requests());
        double measuredNanos = serverNanos + postgresNanos + load.generatorMicros() * 1e3 * requests;
        return new ReadWindow(
                name,
                load,
                serverNanos / 1e3 / requests,
                postgresNanos / 1e3 / requests,
                MachineCpu.now().since(machine, measuredNanos));
    }
}
