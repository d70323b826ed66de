package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Starvation;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be recorded is not released. */
class AuditStoreFailsIT extends ServerTest {
    private static final String PATH = "/secrets/by-name/API_KEY/value";
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @BeforeAll
    void prepare() {
        server.createSecret("API_KEY", "s3cret");
    }

    @Test
    void withoutTheRightToInsertNoReadIsAnsweredAndWithItAllAreAgain() {
        Api api = server.api();
        assertThat(api.value("API_KEY")).isEqualTo("s3cret");
        int reads = Lane.count(2_000, 200);

        server.database().execute("revoke insert on audit_event from fyvault_app");
        List<Integer> refused = statuses(api, reads);
        server.database().execute("grant insert on audit_event to fyvault_app");
        List<Integer> after = statuses(api, reads);

        long violations = refused.stream().filter(status -> status != 503).count()
                + after.stream().filter(status -> status != 200).count();
        Figures.print(new Figures.Line(
                "T-audit", "insert right revoked", 1, 2L * reads, violations, "refused=" + refused.size()));
        assertThat(refused).containsOnly(503);
        assertThat(after).containsOnly(200);
    }

    @Test
    void whileTheTableIsLockedEveryReadIsRefusedInTimeAndAfterwardsAnswered() throws Exception {
        Api api = server.api();
        int each = Lane.count(200, 40);
        List<Refusal> refused = new ArrayList<>();
        long start = System.nanoTime();
        try (Connection holder = server.database().superuser();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table audit_event in access exclusive mode");
            long end = System.nanoTime() + Duration.ofSeconds(Lane.count(60, 4)).toNanos();
            while (System.nanoTime() < end) {
                refused.addAll(atOnce(api, each));
            }
            holder.rollback();
        }
        long released = System.nanoTime();
        while (api.get(PATH).status() != 200) {
            Thread.onSpinWait();
        }
        Duration back = Duration.ofNanos(System.nanoTime() - released);
        long answered = refused.stream().filter(r -> r.status() != 503).count();
        long limit = LIMIT.toNanos() + Starvation.worstSince(start);
        long late = refused.stream().filter(r -> r.nanos() > limit).count();
        Figures.print(new Figures.Line(
                "T29",
                "audit table locked",
                1,
                refused.size(),
                answered + late,
                Figures.spread(refused.stream().mapToLong(Refusal::nanos).toArray()) + " back in " + back.toMillis()
                        + "ms"));
        assertThat(answered).isZero();
        assertThat(late).isZero();
        assertThat(back).isLessThan(LIMIT);
    }

    private record Refusal(int status, long nanos) {}

    private static List<Refusal> atOnce(Api api, int requests) {
        List<CompletableFuture<Refusal>> running = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            long start = System.nanoTime();
            running.add(api.sendLater("GET", PATH, null)
                    .thenApply(answer -> new Refusal(answer.status(), System.nanoTime() - start)));
        }
        return running.stream().map(CompletableFuture::join).toList();
    }

    private static List<Integer> statuses(Api api, int reads) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < reads; i++) {
            statuses.add(api.get(PATH).status());
        }
        return statuses;
    }
}
