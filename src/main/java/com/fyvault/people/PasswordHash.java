package com.fyvault.people;

import com.fyvault.crypto.Argon2id;
import com.fyvault.platform.async.Niceness;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Argon2id on threads of its own, never on an event loop: one hash takes 19 MiB and about a tenth of a second of a
 * core. So few run at once, few wait, and one more is told to come back (503). Their threads give way to those that
 * serve: without that, reads wait for a core.
 */
public final class PasswordHash {
    private final WorkerExecutor workers;
    private final SecureRandom random;
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile @Nullable String nobodys;

    /**
     * @param threads hashes that are computed at once
     * @param waiting hashes that wait for a thread, at most
     */
    public PasswordHash(Vertx vertx, SecureRandom random, int threads, int waiting) {
        this.workers = vertx.createSharedWorkerExecutor("fyvault-passwords", threads);
        this.random = random;
        this.most = threads + waiting;
    }

    /** The hash of a new password, as it is stored. The bytes are cleared. */
    public Future<String> hash(byte[] password) {
        return run(password, () -> Argon2id.hash(password, random));
    }

    /**
     * Whether the password is the one of the hash. For an account that has none, or is not there, the same work is
     * done for the hash of nobody's password, and the answer is no. The bytes are cleared.
     */
    public Future<Boolean> verify(byte[] password, @Nullable String hash) {
        return run(password, () -> {
            boolean same = Argon2id.verify(password, hash == null ? nobodys() : hash);
            return same && hash != null;
        });
    }

    /** Refuses when all places are taken: to be asked before anything is counted. */
    Future<Void> checkRoom() {
        return taken.get() >= most ? Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED)) : Future.succeededFuture();
    }

    /** Other work on a password that takes longer than an event loop has, counted with the hashes. */
    <T> Future<T> apart(Callable<T> work) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        Callable<T> nicely = () -> {
            // Before the work, each time: the pool makes its threads when it likes.
            boolean _ = Niceness.set(Niceness.LOW);
            return work.call();
        };
        return workers.executeBlocking(nicely, false)
                .onComplete(done -> taken.decrementAndGet())
                .map(made -> Objects.requireNonNull(made));
    }

    private <T> Future<T> run(byte[] password, Callable<T> work) {
        return apart(work).onComplete(done -> Arrays.fill(password, (byte) 0));
    }

    private String nobodys() {
        @Nullable String known = nobodys;
        if (known == null) {
            byte[] password = new byte[32];
            random.nextBytes(password);
            known = Argon2id.hash(password, random);
            nobodys = known;
        }
        return known;
    }

    /** Makes what the first verification would make, and loads its classes. */
    Future<Void> warmUp() {
        return apart(this::nobodys).mapEmpty();
    }
}
