package com.fyvault.tokens;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
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

/// What does an address list cost a request? The address is in the last range of the list, or in none, so the whole
/// list is walked. A credential has 64 ranges at most; 256 is what a chain of four such credentials adds up to.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CidrSetBenchmark {
    @Param({"1", "16", "256"})
    public int ranges;

    @Param({"IPv4", "IPv6"})
    public String family;

    private CidrSet set;
    private ClientAddress inside;
    private ClientAddress outside;

    @Setup
    public void compile() throws UnknownHostException {
        boolean four = family.equals("IPv4");
        List<String> cidrs = new ArrayList<>();
        for (int i = 0; i < ranges; i++) {
            cidrs.add(four ? "10." + i + ".0.0/16" : "2001:db8:" + Integer.toHexString(i) + "::/48");
        }
        set = CidrSet.compile(cidrs);
        String last = Integer.toHexString(ranges - 1);
        inside = address(four ? "10." + (ranges - 1) + ".7.9" : "2001:db8:" + last + "::7:9");
        outside = address(four ? "192.0.2.1" : "2001:db9::1");
        if (!set.allows(inside) || set.allows(outside)) {
            throw new IllegalStateException("the list is not what this benchmark takes it for");
        }
    }

    @Benchmark
    public boolean inTheLastRange() {
        return set.allows(inside);
    }

    @Benchmark
    public boolean inNone() {
        return set.allows(outside);
    }

    private static ClientAddress address(String literal) throws UnknownHostException {
        return ClientAddress.of(InetAddress.getByName(literal).getAddress());
    }
}
