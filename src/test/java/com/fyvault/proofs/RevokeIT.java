package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T10 and T14: when a revocation has returned, nothing is read with what it ended. */
class RevokeIT extends ServerTest {
    private static final int READERS = 8;
    private static final int LOOKUPS = 32;
    private static final int READS_BEFORE = 8;
    private static final int READS_AFTER = 16;
    private static final String PATH = "/secrets/by-name/HOT/value";

    /** A token under fire. */
    private static final class Target {
        private final Api api;
        private final AtomicInteger good = new AtomicInteger();
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger late = new AtomicInteger();
        private volatile long revokedAt = Long.MAX_VALUE;

        Target(Api api) {
            this.api = api;
        }

        void read() {
            boolean after = revokedAt != Long.MAX_VALUE;
            long start = System.nanoTime();
            int status = api.get(PATH).status();
            if (after) {
                started.incrementAndGet();
            }
            if (status == 200) {
                good.incrementAndGet();
                if (start > revokedAt) {
                    late.incrementAndGet();
                }
            }
        }
    }

    @BeforeAll
    void prepare() {
        server.createSecret("HOT", "value");
    }

    @Test
    void nothingIsReadAfterARevocationReturned() {
        Round round = new Round(server, "revoke while read, one node");
        long[] nanos = round.run(Lane.count(1_000, 200));
        long noise = Starvation.worstSince(round.begun);
        // The figure of DESIGN.md is for a machine with nothing else to do; a shared one gets its noise on top.
        assertThat(Figures.percentile(nanos, 0.99)).isLessThan(1_000_000_000L + noise);
    }

    @Test
    void nothingIsReadOnAnotherNodeEither() {
        try (TestServer other = server.secondNode()) {
            Round round = new Round(other, "revoke while read on another node");
            long[] nanos = round.run(Lane.count(1_000, 60));
            assertThat(Figures.percentile(nanos, 0.99)).isLessThan(1_000_000_000L + Starvation.worstSince(round.begun));
        }
    }

    @Test
    void sessionsDieWithTheirKey() {
        int sessions = Lane.count(500, 200);
        JsonObject key =
                key(new JsonObject().put("label", "parent").put("scopes", new JsonArray().add("SECRETS_READ")));
        List<String> tokens = sessions(key.getString("key"), sessions);
        assertThat(statuses(tokens)).containsOnly(200);
        long start = System.nanoTime();
        assertThat(server.api().delete("/api-keys/" + key.getString("id")).status())
                .isEqualTo(200);
        long took = System.nanoTime() - start;
        List<Integer> after = statuses(tokens);
        long alive = after.stream().filter(status -> status != 401).count();
        Figures.print(new Figures.Line(
                "T14", "sessions of a revoked key", 1, sessions, alive, "revoked in " + took / 1_000_000 + "ms"));
        assertThat(after).containsOnly(401);
    }

    @Test
    void tokensOfEveryKindDieWithTheirKey() {
        int each = Lane.count(100, 10);
        JsonObject key = key(new JsonObject().put("label", "parent"));
        Api maker = server.api(key.getString("key"));
        String secret =
                server.api().get("/secrets?search=hot").list().getJsonObject(0).getString("id");
        List<String> readers = new ArrayList<>();
        List<String> providers = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            JsonObject named = new JsonObject().put("name", "child " + i);
            readers.add(maker.post("/agent-credentials", named).data().getString("credential"));
            providers.add(maker.post("/providers", named).data().getString("token"));
            JsonObject device = maker.post("/devices", named).data();
            String path = "/devices/" + device.getString("id") + "/secrets";
            assertThat(maker.post(path, new JsonObject().put("secretId", secret))
                            .status())
                    .isEqualTo(200);
            readers.add(device.getString("token"));
        }
        assertThat(statuses(readers)).containsOnly(200);
        assertThat(statuses(providers)).containsOnly(403);
        assertThat(server.api().delete("/api-keys/" + key.getString("id")).status())
                .isEqualTo(200);
        readers.addAll(providers);
        List<Integer> after = statuses(readers);
        long alive = after.stream().filter(status -> status != 401).count();
        Figures.print(
                new Figures.Line("T14", "agents, providers, devices of a revoked key", 1, after.size(), alive, ""));
        assertThat(after).containsOnly(401);
    }

    @Test
    void sessionsAreNarrowedWithTheirKey() {
        int sessions = Lane.count(500, 50);
        JsonObject key = key(new JsonObject().put("label", "narrowed"));
        List<String> tokens = sessions(key.getString("key"), sessions);
        String path = "/api-keys/" + key.getString("id");
        assertThat(statuses(tokens)).containsOnly(200);

        List<Integer> wrong = new ArrayList<>();
        wrong.addAll(edited(path, new JsonObject().put("scopes", new JsonArray().add("SECRETS_WRITE")), tokens, 403));
        wrong.addAll(edited(path, new JsonObject().put("scopes", new JsonArray().add("SECRETS_READ")), tokens, 200));
        wrong.addAll(edited(path, new JsonObject().put("ipAllowlist", new JsonArray().add("10.0.0.0/8")), tokens, 403));
        wrong.addAll(
                edited(path, new JsonObject().put("ipAllowlist", new JsonArray().add("127.0.0.0/8")), tokens, 200));
        wrong.addAll(edited(path, new JsonObject().put("allowedSecrets", new JsonArray().add("other*")), tokens, 403));
        wrong.addAll(edited(path, new JsonObject().put("allowedSecrets", new JsonArray().add("ho*")), tokens, 200));
        wrong.addAll(edited(path, new JsonObject().put("environments", new JsonArray().add("staging")), tokens, 403));
        Figures.print(new Figures.Line("T14", "sessions of a narrowed key", 7, 7L * sessions, wrong.size(), ""));
        assertThat(wrong).isEmpty();
    }

    /** The statuses that are not the one expected after the key was edited. */
    private List<Integer> edited(String path, JsonObject change, List<String> tokens, int expected) {
        Api.Answer answer = server.person().patch(path, change);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return statuses(tokens).stream().filter(got -> got != expected).toList();
    }

    private JsonObject key(JsonObject request) {
        return server.key(request);
    }

    private List<String> sessions(String key, int count) {
        Api parent = server.api(key);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Api.Answer answer = parent.post("/access-tokens", new JsonObject());
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            tokens.add(answer.data().getString("token"));
        }
        return tokens;
    }

    /** The statuses of one read with each token, as many at a time as a node looks up at once. */
    private List<Integer> statuses(List<String> tokens) {
        try (Load load = Load.start(
                LOOKUPS, tokens.size(), n -> server.api(tokens.get(n)).get(PATH))) {
            return load.finish().stream().map(Load.Sample::status).toList();
        }
    }

    /** Revocations, one after the other, of a session that readers of a node hammer. */
    private final class Round {
        private final TestServer node;
        private final String what;
        private final AtomicReference<Target> current = new AtomicReference<>();
        private final long begun = System.nanoTime();
        private volatile boolean stopped;

        Round(TestServer node, String what) {
            this.node = node;
            this.what = what;
        }

        long[] run(int revocations) {
            List<Thread> readers = new ArrayList<>();
            long[] nanos = new long[revocations];
            long reads = 0;
            long violations = 0;
            for (int i = 0; i < revocations; i++) {
                JsonObject session =
                        server.api().post("/access-tokens", new JsonObject()).data();
                Target target = new Target(node.api(session.getString("token")));
                current.set(target);
                if (readers.isEmpty()) {
                    for (int r = 0; r < READERS; r++) {
                        readers.add(Thread.ofVirtual().start(this::hammer));
                    }
                }
                until(() -> target.good.get() >= READS_BEFORE);
                long start = System.nanoTime();
                int status = server.api()
                        .delete("/access-tokens/" + session.getString("id"))
                        .status();
                target.revokedAt = System.nanoTime();
                nanos[i] = target.revokedAt - start;
                assertThat(status).isEqualTo(200);
                until(() -> target.started.get() >= READS_AFTER);
                reads += target.good.get() + target.started.get();
                violations += target.late.get();
            }
            stopped = true;
            readers.forEach(RevokeIT::join);
            Figures.print(
                    new Figures.Line("T10", what, revocations, reads, violations, "revoke " + Figures.spread(nanos)));
            assertThat(violations).isZero();
            return nanos;
        }

        private void hammer() {
            while (!stopped) {
                current.get().read();
            }
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Condition condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited 30 s").isLessThan(end);
            LockSupport.parkNanos(500_000);
        }
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
