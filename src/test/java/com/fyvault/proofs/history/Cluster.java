package com.fyvault.proofs.history;

import com.fyvault.support.Api;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes, each a process, on a PostgreSQL and a Redis of their own. A fourth one in this process made the
 * organization; it is alive like any other, but no client asks it.
 */
final class Cluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final long LOOK_NANOS = 5_000_000;

    private final TestPostgres postgres = TestPostgres.own();
    private final TestRedis redis = TestRedis.own();
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final TestServer server;

    Cluster(long seed) {
        var shared = redis.settings();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new ClusterNode(postgres.port(), redis.port(), shared, seed + i));
        }
        server = TestServer.start(postgres.create(), shared);
        List<Thread> starts = nodes.stream()
                .map(node -> Thread.ofVirtual().start(() -> node.start(server::processNode)))
                .toList();
        starts.forEach(Cluster::join);
        if (!nodes.stream().allMatch(ClusterNode::isUp)) {
            close();
            throw new IllegalStateException("not every node started");
        }
    }

    List<ClusterNode> nodes() {
        return nodes;
    }

    TestServer server() {
        return server;
    }

    TestPostgres postgres() {
        return postgres;
    }

    TestRedis redis() {
        return redis;
    }

    /** A client of one of the nodes that are up. */
    Api some(SplittableRandom random, String token) {
        while (true) {
            @Nullable String url = nodes.get(random.nextInt(NODES)).url();
            if (url != null) {
                return server.api(token).at(url);
            }
        }
    }

    /** Repairs everything, and waits until each node serves. */
    void heal() {
        nodes.forEach(ClusterNode::heal);
        postgres.awaitReady();
        for (ClusterNode node : nodes) {
            Api api = server.api().at(String.valueOf(node.url()));
            while (!serves(api)) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(ClusterNode::close);
        server.close();
        redis.close();
        postgres.close();
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private static boolean serves(Api api) {
        try {
            return api.get("/projects").status() == 200
                    && api.get("/secrets/by-name/H0/value").status() < 500;
        } catch (RuntimeException cut) {
            return false;
        }
    }
}
