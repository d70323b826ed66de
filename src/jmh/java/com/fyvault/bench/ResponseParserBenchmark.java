package com.fyvault.bench;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How much of the load generator's time goes into finding the end of an answer? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ResponseParserBenchmark {
    private static final String BODY = "{\"value\":\"" + "v".repeat(64) + "\"}";

    private final byte[] response = ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
                    + "etag: \"3\"\r\nratelimit: \"key\";r=999;t=1\r\nx-request-id: 0197a3f0-1c5e-7d11-8a34-5b6c7d8e9f00\r\n"
                    + "content-length: " + BODY.length() + "\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);
    private int statuses;
    private final ResponseParser parser = new ResponseParser(status -> statuses += status);

    @Benchmark
    public int wholeResponse() throws ProtocolException {
        parser.feed(response, 0, response.length);
        return statuses;
    }
}
