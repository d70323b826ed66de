package com.fyvault.advice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An organization as large as one may be is told what to look at, at once and whole. */
class LargeAdviceIT extends ServerTest {
    private static final int MANY = 10_000;
    /** The parameters of the first page, as somebody would write them. */
    private static final List<String> FIRST_PAGE = List.of(
            "now()",
            "'{API_KEY,TEST_KEY,PUBLIC_KEY,AGENT,DEVICE,PROVIDER}'::text[]",
            "'{}'::text[]",
            "null::uuid",
            "null::uuid",
            "null::uuid[]",
            "null::uuid[]",
            "true",
            "true",
            "0",
            "'1970-01-01'::timestamptz",
            "'00000000-0000-0000-0000-000000000000'::uuid",
            "200");

    private void fill(UUID org) {
        server.database()
                .execute(
                        "insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, created_by,"
                                + " changed_epoch, seal, created_at, expires_at) select ?, gen_random_uuid(),"
                                + " sha256(('a' || n)::bytea), 'API_KEY', 'many', 'last', '{}', 'system', 1, '',"
                                + " now() - n * interval '1 hour', now() + n * interval '3 hours' from generate_series(1, ?) n",
                        org,
                        MANY);
        server.database()
                .execute(
                        "insert into secret (org_id, secret_id, project_id, name, name_key, secret_type, encryption_mode,"
                                + " created_by) select p.org_id, gen_random_uuid(), p.project_id, 'S' || n, 's' || n, 'GENERIC',"
                                + " 'server', 'system' from generate_series(1, ?) n, project p where p.org_id = ?",
                        MANY,
                        org);
        server.database()
                .execute(
                        "insert into secret_value (org_id, environment_id, secret_id, current_version, changed_version, seal,"
                                + " updated_at, printed_version) select s.org_id, e.environment_id, s.secret_id, 1, 1, '',"
                                + " now() - interval '181 days' - random() * interval '100 days', 1"
                                + " from secret s join environment e using (org_id, project_id) where s.org_id = ?",
                        org);
        server.database().execute("analyze credential, secret, secret_value, environment");
    }

    /** No table is read whole that grows with the organization. */
    private String plan(UUID org) {
        String sql = PostgresAdviceStore.FIND;
        for (int i = FIRST_PAGE.size() + 1; i > 1; i--) {
            sql = sql.replace("$" + i, FIRST_PAGE.get(i - 2));
        }
        StringBuilder plan = new StringBuilder();
        server.database()
                .query("explain (analyze) " + sql.replace("$1", "'" + org + "'::uuid"))
                .forEach(row -> plan.append(row.values()).append('\n'));
        return plan.toString();
    }

    @Test
    void everyPageComesAtOnce() {
        UUID org = server.orgId();
        fill(org);
        String plan = plan(org);
        assertThat(plan).as(plan).contains("secret_value_first").doesNotContain("Seq Scan on secret_value");
        assertThat(owner.get("/advice").status()).isEqualTo(200);
        List<Long> nanos = new ArrayList<>();
        int items = 0;
        int pages = 0;
        String cursor = "";
        do {
            long began = System.nanoTime();
            Api.Answer page = owner.get("/advice?limit=200" + cursor);
            nanos.add(System.nanoTime() - began);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            items += page.list().size();
            cursor = page.header("x-next-cursor").isEmpty() ? "" : "&cursor=" + page.header("x-next-cursor");
        } while (!cursor.isEmpty() && ++pages < 1_000);
        long keys = server.database()
                .count(
                        "select count(*) from credential where org_id = ? and label = 'many' and ((expires_at < now() + interval '14"
                                + " days' and expires_at - created_at >= interval '7 days') or (expires_at >= now() + interval '14"
                                + " days' and created_at < now() - interval '90 days'))",
                        org);
        long[] spread = nanos.stream().mapToLong(Long::longValue).toArray();
        Figures.print(new Figures.Line(
                "advice",
                "10,000 keys and 10,000 secrets, every page",
                0,
                items,
                Math.abs(items - keys - MANY),
                "pages=%d %s".formatted(pages + 1, Figures.spread(spread))));
        assertThat((long) items).isEqualTo(keys + MANY);
        assertThat(TimeUnit.NANOSECONDS.toMillis(Figures.percentile(spread, 0.5)))
                .isLessThan(200);
    }
}
