package com.fyvault.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Up to what size is a value cheaper to open in place than to hand to a worker and take back?
///
/// `inPlace` is what the event loop pays; `handOff` what a lone request waits for when the worker sleeps;
/// `handOffBusy` the time a value takes with 16 in flight, two threads sharing the work.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EnvelopeOpenBenchmark {
    private static final int IN_FLIGHT = 16;

    @Param({"64", "1024", "16384", "65536", "262144", "1048576"})
    public int length;

    private final BlockingQueue<Integer> done = new ArrayBlockingQueue<>(IN_FLIGHT);
    private final ThreadLocal<ByteBuffer> targets =
            ThreadLocal.withInitial(() -> ByteBuffer.allocate(Envelope.VALUE_LIMIT));

    private OrgKey key;
    private Binding binding;
    private byte[] envelope;
    private ExecutorService worker;

    @Setup
    public void seal() {
        SecureRandom random = new SecureRandom();
        UUID id = new UUID(1, 2);
        binding = new Binding(Purpose.SECRET, id, id, id, id, 1);
        key = OrgKey.generate(new OrgKeyId(id, 1), random);
        envelope = new Envelope(random).seal(key, binding, new byte[length]);
        worker = Executors.newSingleThreadExecutor();
    }

    @TearDown
    public void stop() {
        worker.close();
    }

    @Benchmark
    public int inPlace() {
        return open();
    }

    @Benchmark
    public int handOff() throws InterruptedException {
        worker.execute(() -> done.add(open()));
        return done.take();
    }

    @Benchmark
    @OperationsPerInvocation(IN_FLIGHT)
    public int handOffBusy() throws InterruptedException {
        for (int i = 0; i < IN_FLIGHT; i++) {
            worker.execute(() -> done.add(open()));
        }
        int opened = 0;
        for (int i = 0; i < IN_FLIGHT; i++) {
            opened += done.take();
        }
        return opened;
    }

    private int open() {
        return Envelope.openInto(key, binding, envelope, targets.get().clear());
    }
}
