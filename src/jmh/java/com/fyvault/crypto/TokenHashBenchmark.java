package com.fyvault.crypto;

import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/// What does a request pay before its credential is found: telling junk, hashing, finding the hash? And what do the
/// seal of a cold row and an identifier cost beside it?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenHashBenchmark {
    private static final int TOKENS = 100_000;

    private final Map<TokenHash, TokenKind> known = HashMap.newHashMap(TOKENS);
    private final Uuid7 ids = new Uuid7(Clock.systemUTC(), new SecureRandom());
    private final RowSeal seals = new RowSeal(SubKeys.derive(new byte[32]).rowSeal());
    private final UUID id = ids.next();
    private String token;
    private String junk;

    @Setup
    public void mint() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < TOKENS; i++) {
            var minted = TokenFormat.mint(TokenKind.API_KEY, random);
            known.put(minted.hash(), minted.kind());
            token = minted.exposeText();
        }
        junk = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
    }

    @Benchmark
    public @Nullable TokenKind parse() {
        return TokenFormat.parse(token);
    }

    @Benchmark
    public @Nullable TokenKind parseJunk() {
        return TokenFormat.parse(junk);
    }

    @Benchmark
    public TokenHash hash() {
        return TokenFormat.hash(token);
    }

    @Benchmark
    public @Nullable TokenKind parseHashAndFind() {
        return TokenFormat.parse(token) == null ? null : known.get(TokenFormat.hash(token));
    }

    @Benchmark
    public byte[] sealOfARow() {
        return seals.fields("credential")
                .add(id)
                .add(id)
                .add("build server")
                .add(List.of("SECRETS_READ", "SECRETS_WRITE"))
                .add(42L)
                .seal();
    }

    @Benchmark
    public UUID identifier() {
        return ids.next();
    }
}
