package com.fyvault.secrets;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to write the body of an answer from the plaintext's bytes? `plain` needs no escape, as most
/// values; `text` has a line break every 64 bytes, as a PEM file.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValueAnswerBenchmark {
    @Param({"32", "16384"})
    public int length;

    private byte[] plain;
    private byte[] text;

    @Setup
    public void make() {
        plain = new byte[length];
        Arrays.fill(plain, (byte) 'k');
        text = plain.clone();
        for (int i = 15; i < length; i += 64) {
            text[i] = '\n';
        }
    }

    @Benchmark
    public Buffer plain() {
        return ValueAnswer.render("STRIPE_SECRET_KEY", plain, 7);
    }

    @Benchmark
    public Buffer text() {
        return ValueAnswer.render("STRIPE_SECRET_KEY", text, 7);
    }
}
