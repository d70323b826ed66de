package com.fyvault.proofs.history;

import com.fyvault.support.FaultProxy;
import com.fyvault.support.NodeProcess;
import com.fyvault.support.StallProxy;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own that reaches its stores, and is reached by its clients, through proxies. */
final class ClusterNode implements AutoCloseable {
    private static final int MOST_STARTS = 20;

    private final FaultProxy store;
    private final StallProxy redis;
    private final Map<String, String> settings;
    private volatile @Nullable NodeProcess process;
    private volatile @Nullable StallProxy clients;

    ClusterNode(int postgresPort, int redisPort, Map<String, String> shared, long seed) {
        store = new FaultProxy(postgresPort, seed);
        redis = new StallProxy(redisPort);
        settings = new HashMap<>(shared);
        settings.put("postgres.port", Integer.toString(store.port()));
        settings.put("redis.url", "redis://127.0.0.1:" + redis.port());
    }

    FaultProxy store() {
        return store;
    }

    StallProxy redis() {
        return redis;
    }

    /** Starts it; when a store is away just then it ends, and is started again. */
    void start(Function<Map<String, String>, NodeProcess> starter) {
        for (int tries = 1; process == null; tries++) {
            try {
                NodeProcess started = starter.apply(settings);
                process = started;
                clients = new StallProxy(URI.create(started.url()).getPort());
            } catch (IllegalStateException ended) {
                if (tries == MOST_STARTS) {
                    throw ended;
                }
            }
        }
    }

    boolean isUp() {
        return process != null;
    }

    /** Where clients find it; null while it is down. */
    @Nullable
    String url() {
        @Nullable StallProxy before = clients;
        return before == null ? null : "http://127.0.0.1:" + before.port();
    }

    void pause() {
        node().pause();
    }

    void resume() {
        node().resume();
    }

    /** Kills the process; clients are told where it was until they fail. */
    void kill() {
        node().kill();
        process = null;
        @Nullable StallProxy before = clients;
        clients = null;
        if (before != null) {
            before.close();
        }
    }

    /** Resets every connection of its clients, whatever is under way on it. */
    void dropClients() {
        @Nullable StallProxy before = clients;
        if (before != null) {
            before.reset();
        }
    }

    void heal() {
        store.heal();
        redis.set(StallProxy.Fault.NONE);
    }

    @Override
    public void close() {
        @Nullable NodeProcess running = process;
        if (running != null) {
            running.close();
        }
        @Nullable StallProxy before = clients;
        if (before != null) {
            before.close();
        }
        store.close();
        redis.close();
    }

    private NodeProcess node() {
        @Nullable NodeProcess running = process;
        if (running == null) {
            throw new IllegalStateException("no process");
        }
        return running;
    }
}
