package com.fyvault.proofs.history;

import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that clients share. Now and then one is revoked while they use it, and some go on using it
 * when its place has been taken by another.
 */
final class Tokens {
    private static final int SLOTS = 6;
    private static final int MOST_TRIES = 200;
    private static final long PAUSE_NANOS = 20_000_000;
    /** So high that nobody meets it, and there, so that each request is counted in Redis. */
    private static final long UNREACHED = 1_000_000;

    private final Cluster cluster;
    private final AtomicReferenceArray<TestToken> current = new AtomicReferenceArray<>(SLOTS);
    private final AtomicReferenceArray<@Nullable TestToken> gone = new AtomicReferenceArray<>(SLOTS);
    private final Queue<TestToken> all = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> free = new ConcurrentLinkedQueue<>();

    Tokens(Cluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        for (int slot = 0; slot < SLOTS; slot++) {
            current.set(slot, mint(random));
            free.add(slot);
        }
    }

    /** One to use: nine of ten times a good one, as far as one can tell. */
    TestToken some(SplittableRandom random) {
        int slot = random.nextInt(SLOTS);
        @Nullable TestToken old = gone.get(slot);
        return old != null && random.nextInt(10) == 0 ? old : current.get(slot);
    }

    List<TestToken> all() {
        return new ArrayList<>(all);
    }

    /** Revokes one on any node; whoever holds it learns of it by being refused. */
    void revokeOne(int client, SplittableRandom random) {
        @Nullable Integer slot = free.poll();
        if (slot == null) {
            return; // As many are being revoked as there are.
        }
        TestToken next = mint(random);
        TestToken old = current.get(slot);
        long called = System.nanoTime();
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int status = revoke(random, old);
            if (status == 200 || status == 404) {
                old.seen()
                        .add(new Operation<>(
                                client, TokenModel.Ask.REVOKE, TokenModel.Told.REVOKED, called, System.nanoTime()));
                gone.set(slot, old);
                current.set(slot, next);
                free.add(slot);
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("a revocation was refused " + MOST_TRIES + " times");
    }

    private int revoke(SplittableRandom random, TestToken token) {
        try {
            Api api = cluster.some(random, cluster.server().ownerKey());
            return api.delete("/access-tokens/" + token.id()).status();
        } catch (RuntimeException cut) {
            return 0;
        }
    }

    private TestToken mint(SplittableRandom random) {
        JsonObject limits = new JsonObject().put("perSecond", UNREACHED);
        JsonObject body = new JsonObject().put("ttlSeconds", 86_400).put("limits", limits);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                Api.Answer answer =
                        cluster.some(random, cluster.server().ownerKey()).post("/access-tokens", body);
                if (answer.status() < 300) {
                    JsonObject made = answer.data();
                    TestToken token = new TestToken(made.getString("id"), made.getString("token"));
                    all.add(token);
                    return token;
                }
                if (answer.status() < 500) {
                    throw new AssertionError(answer.status() + " " + answer.text());
                }
            } catch (RuntimeException cut) {
                // Once more, perhaps at another node.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("no session was minted in " + MOST_TRIES + " tries");
    }
}
