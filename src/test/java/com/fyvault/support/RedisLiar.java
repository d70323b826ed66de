package com.fyvault.support;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Somebody with write access to Redis: keeps copies of what nodes share of tokens, and writes over it. */
public final class RedisLiar implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int MOST_WAITS = 1_000;
    private static final int AT_ONCE = 64;

    private final Vertx vertx = Vertx.vertx();
    private final Redis client;
    private final RedisConnection connection;
    private final String prefix;
    private final List<String> keys = new ArrayList<>();
    private final List<byte[]> entries = new ArrayList<>();
    private int lies;

    /** @param prefix what the installation's keys begin with */
    public RedisLiar(TestRedis redis, String prefix) {
        this.client = Redis.createClient(vertx, "redis://127.0.0.1:" + redis.port());
        this.connection = TestServer.await(client.connect());
        this.prefix = prefix;
    }

    /** Copies every entry that is there now. */
    public void learn() {
        for (Response key :
                TestServer.await(connection.send(Request.cmd(Command.KEYS).arg(prefix + ":d:*")))) {
            Response entry =
                    TestServer.await(connection.send(Request.cmd(Command.GET).arg(key.toString())));
            if (entry != null) {
                keys.add(key.toString());
                entries.add(entry.toBytes());
            }
        }
        if (keys.size() < 2) {
            throw new AssertionError("there is nothing to lie about");
        }
    }

    /** Writes over every entry again and again: another token's, its own with a bit turned, or its own from before. */
    public int lieUntil(BooleanSupplier over) {
        int before = lies;
        while (!over.getAsBoolean()) {
            for (int from = 0; from < keys.size(); from += AT_ONCE) {
                List<Future<Response>> sent = new ArrayList<>();
                for (int i = from; i < Math.min(keys.size(), from + AT_ONCE); i++) {
                    Request lie = Request.cmd(Command.SET).arg(keys.get(i)).arg(lie(i));
                    sent.add(connection.send(lie.arg("PX").arg(60_000)));
                }
                var _ = TestServer.await(Future.all(sent));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return lies - before;
    }

    /** Flushes again and again; how often. */
    public int flushUntil(BooleanSupplier over) {
        int flushes = 0;
        while (!over.getAsBoolean()) {
            var _ = TestServer.await(connection.send(Request.cmd(Command.FLUSHALL)));
            flushes++;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return flushes;
    }

    /** Waits until it is so; fails after a while. */
    public void await(BooleanSupplier condition) {
        for (int i = 0; i < MOST_WAITS && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        if (!condition.getAsBoolean()) {
            throw new AssertionError("it did not come to be");
        }
    }

    @Override
    public void close() {
        TestServer.await(client.close());
        TestServer.await(vertx.close());
    }

    private byte[] lie(int number) {
        int kind = lies++ % 3;
        if (kind == 0) {
            return entries.get((number + 1 + lies % (entries.size() - 1)) % entries.size());
        }
        byte[] own = entries.get(number).clone();
        if (kind == 1) {
            own[lies % own.length] ^= 1;
        }
        return own;
    }
}
