package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What cannot be recorded is not released. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditStoreFailsIT {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
        server.createSecret("API_KEY", "s3cret");
    }

    @AfterAll
    void stop() {
        server.close();
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

    private static List<Integer> statuses(Api api, int reads) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < reads; i++) {
            statuses.add(api.get("/secrets/by-name/API_KEY/value").status());
        }
        return statuses;
    }
}
