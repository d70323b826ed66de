package com.fyvault.orgs;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Locks and roles, changed by the operator beside two running nodes. */
class StandingsIT extends ServerTest {
    private static final String OWNER = "owner@example.com";
    private static final String VALUE = "/secrets/by-name/STRIPE/value";
    private static final int READERS = 4;
    /** What an operator's command waits for after its commit. */
    private static final long RELEASE_MILLIS = 500;

    private TestServer second;
    private Standings standings;

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        server.createSecret("STRIPE", "sk");
        server.addMember("other.owner@example.com", Role.OWNER);
        standings = server.operator().standings();
    }

    @AfterAll
    void stop() {
        second.close();
    }

    private Api here(String token) {
        return server.api(token);
    }

    private Api there(String token) {
        return server.api(token).at(second.url());
    }

    private String session() {
        return server.api().post("/access-tokens", new JsonObject()).data().getString("token");
    }

    private void role(Role role) {
        assertThat(TestServer.await(standings.setRole(server.orgId(), OWNER, role))
                        .role())
                .isEqualTo(role);
    }

    @Test
    void aTokenMayDoWhatTheRoleOfItsOwnerAllows() {
        String session = session();
        role(Role.VIEWER);
        assertThat(here(session).get(VALUE).status()).isEqualTo(200);
        assertThat(there(server.ownerKey()).get(VALUE).status()).isEqualTo(200);
        JsonObject secret = new JsonObject().put("name", "MORE").put("value", "x");
        isRefused(here(server.ownerKey()).post("/secrets", secret), 403, "SCOPE_MISSING");
        isRefused(there(session).post("/secrets", secret), 403, "SCOPE_MISSING");
        role(Role.NONE);
        for (Api api : List.of(here(session), there(session), here(server.ownerKey()), there(server.ownerKey()))) {
            isRefused(api.get(VALUE), 401, "TOKEN_REVOKED");
        }
        role(Role.OWNER);
        assertThat(there(session).get(VALUE).status()).isEqualTo(200);
        assertThat(here(server.ownerKey()).post("/secrets", secret).status()).isEqualTo(201);
    }

    @Test
    void aLockedOrganizationReleasesNothing() {
        UUID other = server.anotherOrg().orgId();
        var _ = TestServer.await(standings.setLocked(server.orgId(), true));
        isRefused(here(server.ownerKey()).get(VALUE), 403, "ORG_LOCKED");
        isRefused(there(server.ownerKey()).post("/access-tokens", new JsonObject()), 403, "ORG_LOCKED");
        assertThat(other).isNotEqualTo(server.orgId());
        var _ = TestServer.await(standings.setLocked(server.orgId(), false));
        assertThat(here(server.ownerKey()).get(VALUE).status()).isEqualTo(200);
        assertThat(there(server.ownerKey()).get(VALUE).status()).isEqualTo(200);
        assertThat(server.api().get("/audit?action=org.lock").list()).isNotEmpty();
    }

    @Test
    void theLastOwnerStaysAndStrangersHaveNoRole() {
        var _ = TestServer.await(standings.setRole(server.orgId(), "other.owner@example.com", Role.ADMIN));
        refused(ErrorCode.LAST_OWNER, () -> standings.setRole(server.orgId(), OWNER, Role.NONE));
        refused(ErrorCode.MEMBER_NOT_FOUND, () -> standings.setRole(server.orgId(), "nobody@example.com", Role.ADMIN));
        refused(ErrorCode.ORG_NOT_FOUND, () -> standings.setLocked(UUID.randomUUID(), true));
        var _ = TestServer.await(standings.setRole(server.orgId(), "other.owner@example.com", Role.OWNER));
    }

    /** By the same rule and bound as a revocation: readers hammer both nodes, and nothing leaves once the command is done. */
    @Test
    void nothingIsReleasedOnceTheCommandIsDone() {
        int rounds = Lane.count(100, 10);
        AtomicLong answered = new AtomicLong();
        AtomicLong late = new AtomicLong();
        for (int i = 0; i < rounds; i++) {
            boolean lock = i % 2 == 0;
            round(lock, answered, late);
        }
        Figures.print(
                new Figures.Line("T14", "lock or owner removed, 2 nodes", rounds, answered.get(), late.get(), ""));
        assertThat(late.get()).isZero();
    }

    private void round(boolean lock, AtomicLong answered, AtomicLong late) {
        AtomicLong doneAt = new AtomicLong(Long.MAX_VALUE);
        AtomicLong after = new AtomicLong();
        AtomicLong before = new AtomicLong();
        String session = session();
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < READERS; r++) {
            Api api = r % 2 == 0 ? here(session) : there(session);
            readers.add(Thread.ofVirtual().start(() -> {
                while (after.get() < 4 * READERS) {
                    long began = System.nanoTime();
                    int status = api.get(VALUE).status();
                    boolean isAfter = began > doneAt.get();
                    answered.incrementAndGet();
                    before.incrementAndGet();
                    after.addAndGet(isAfter ? 1 : 0);
                    late.addAndGet(isAfter && status == 200 ? 1 : 0);
                }
            }));
        }
        while (before.get() < 4 * READERS) {
            LockSupport.parkNanos(1_000_000);
        }
        if (lock) {
            var _ = TestServer.await(standings.setLocked(server.orgId(), true));
        } else {
            role(Role.NONE);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RELEASE_MILLIS));
        doneAt.set(System.nanoTime());
        readers.forEach(StandingsIT::join);
        if (lock) {
            var _ = TestServer.await(standings.setLocked(server.orgId(), false));
        } else {
            role(Role.OWNER);
        }
    }

    private static void refused(ErrorCode code, Supplier<Future<?>> asked) {
        assertThatThrownBy(() -> TestServer.await(asked.get())).hasRootCauseMessage(code.text());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }
}
