package com.fyvault.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does the SHA-256 of a bearer token cost, and is it worth keeping a digest for each thread? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenDigestBenchmark {
    private final byte[] token = ("fv_live_" + "7".repeat(43) + "000000").getBytes(StandardCharsets.US_ASCII);
    private MessageDigest kept;

    @Setup
    public void keepADigest() throws NoSuchAlgorithmException {
        kept = MessageDigest.getInstance("SHA-256");
    }

    @Benchmark
    public byte[] keptDigest() {
        return kept.digest(token);
    }

    @Benchmark
    public byte[] newDigest() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(token);
    }
}
