package com.fyvault.tokens;

import com.fyvault.crypto.SubKeys;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The entries of an installation in Redis, as somebody finds them who can read and write there. */
final class RedisEntries implements AutoCloseable {
    private static final long LOOK_NANOS = 1_000_000;
    private static final int LOOKS = 5_000;

    private final Vertx vertx = Vertx.vertx();
    private final Redis client;
    private final String prefix;
    private final EntrySeal seal;

    RedisEntries(TestRedis redis, String prefix, SubKeys keys) {
        this.client = Redis.createClient(vertx, "redis://127.0.0.1:" + redis.port());
        this.prefix = prefix;
        this.seal = new EntrySeal(keys.cacheMac());
    }

    /** Writes an entry under the token's name. */
    void put(TokenHash hash, byte[] entry) {
        var _ = TestServer.await(client.send(
                Request.cmd(Command.SET).arg(key(hash)).arg(entry).arg("PX").arg(60_000)));
    }

    /** The entry of a token, or null. */
    byte @Nullable [] get(TokenHash hash) {
        @Nullable
        Response answer = TestServer.await(client.send(Request.cmd(Command.GET).arg(key(hash))));
        return answer == null ? null : answer.toBytes();
    }

    /** The same, waited for: nodes write when they have time. */
    byte[] await(TokenHash hash) {
        for (int i = 0; i < LOOKS; i++) {
            byte @Nullable [] entry = get(hash);
            if (entry != null) {
                return entry;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError("no node has written it");
    }

    /** What the entry of a token says. */
    CredentialStore.Found found(TokenHash hash) {
        return seal.open(hash, seal.content(hash, await(hash)));
    }

    /** How long the entry of a token will live. */
    long lifeMillis(TokenHash hash) {
        return TestServer.await(client.send(Request.cmd(Command.PTTL).arg(key(hash))))
                .toLong();
    }

    /** The name and the content of every entry there is. */
    List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        for (Response key :
                TestServer.await(client.send(Request.cmd(Command.KEYS).arg(prefix + ":d:*")))) {
            all.add(key.toBytes());
            @Nullable
            Response entry =
                    TestServer.await(client.send(Request.cmd(Command.GET).arg(key.toString())));
            if (entry != null) {
                all.add(entry.toBytes());
            }
        }
        return all;
    }

    /** True when the bytes hold these others somewhere. */
    static boolean holds(byte[] bytes, byte[] part) {
        return IntStream.rangeClosed(0, bytes.length - part.length)
                .anyMatch(at -> Arrays.equals(bytes, at, at + part.length, part, 0, part.length));
    }

    String key(TokenHash hash) {
        return prefix + ":d:" + Base64.getUrlEncoder().withoutPadding().encodeToString(seal.name(hash));
    }

    @Override
    public void close() {
        TestServer.await(client.close());
        TestServer.await(vertx.close());
    }
}
