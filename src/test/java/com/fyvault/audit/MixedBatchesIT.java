package com.fyvault.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Batches in which organizations, actors, places and answers are mixed: each record is where it belongs, once, and nowhere else. */
class MixedBatchesIT extends ServerTest {
    private static final int CLIENTS = 16;
    private static final int READS = 60;

    private record Caller(Api api, UUID orgId, UUID credentialId) {}

    /** What the record of an answer must say. */
    private record Expected(UUID orgId, UUID credentialId, String environment, String secret, int outcome) {}

    private final Map<UUID, Expected> expected = new ConcurrentHashMap<>();

    @Test
    void eachRecordIsOfItsOrganizationActorPlaceAndSecret() throws InterruptedException {
        List<Caller> callers = new ArrayList<>();
        Bootstrap.Made other = server.anotherOrg();
        prepare(callers, server.api(), server.orgId());
        prepare(callers, server.api(other.key().exposeText()).in(other.orgId().toString()), other.orgId());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(Thread.ofVirtual().start(() -> read(callers, client)));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(expected).hasSize(CLIENTS * READS);
        long wrong = wrong();
        long mixed = server.database()
                .count(
                        "select count(*) from (select at from audit_event group by at having count(distinct org_id) > 1) m");
        long shared = server.database().count("select count(*) from audit_event where cardinality(event_ids) > 1");
        String more = "batches of two organizations=" + mixed + " shared rows=" + shared;
        Figures.print(new Figures.Line("T28", "mixed batches", 0, expected.size(), wrong, more));
        assertThat(wrong).isZero();
        assertThat(mixed).isPositive();
        assertThat(shared).isPositive();
        assertThat(strangers()).isZero();
    }

    private void prepare(List<Caller> callers, Api owner, UUID orgId) {
        for (String name : List.of("ONE", "TWO")) {
            create(owner, name, "production");
            create(owner, name + "_S", "staging");
        }
        for (String label : List.of("first", "second")) {
            JsonObject key = server.key(orgId, new JsonObject().put("label", label));
            callers.add(new Caller(owner.as(key.getString("key")), orgId, UUID.fromString(key.getString("id"))));
        }
    }

    private static void create(Api owner, String name, String environment) {
        JsonObject secret =
                new JsonObject().put("name", name).put("secretType", "GENERIC").put("value", "v");
        assertThat(owner.post("/secrets?environment=" + environment, secret).status())
                .isEqualTo(201);
    }

    private void read(List<Caller> callers, int client) {
        for (int i = 0; i < READS; i++) {
            int which = client + i;
            Caller caller = callers.get(which % callers.size());
            boolean staging = which % 3 == 0;
            boolean missing = which % 5 == 0;
            String environment = staging ? "staging" : "production";
            String secret = (which % 2 == 0 ? "ONE" : "TWO") + (staging ? "_S" : "");
            String name = missing ? "NONE" : secret;
            Api.Answer answer = caller.api().get("/secrets/by-name/" + name + "/value?environment=" + environment);
            assertThat(answer.status()).isEqualTo(missing ? 404 : 200);
            AuditOutcome outcome = missing ? AuditOutcome.REFUSED : AuditOutcome.DONE;
            expected.put(
                    UUID.fromString(answer.requestId()),
                    new Expected(
                            caller.orgId(),
                            caller.credentialId(),
                            missing ? "" : environment,
                            missing ? "" : secret,
                            outcome.code()));
        }
    }

    /** Answers without exactly the one record that they should have. */
    private long wrong() {
        Map<UUID, Expected> found = new HashMap<>();
        long doubles = 0;
        for (Map<String, Object> row : server.database().query("""
                select t.event_id, t.org_id, t.credential_id, t.outcome, coalesce(e.name, '') as environment,
                       coalesce(s.name, '') as secret
                  from audit_trail t
                  left join environment e on e.org_id = t.org_id and e.environment_id = t.environment_id
                  left join secret s on s.org_id = t.org_id and s.secret_id = t.secret_id
                 where length(t.address) in (4, 16)
                """)) {
            UUID id = (UUID) row.get("event_id");
            if (expected.containsKey(id)) {
                boolean done = ((Number) row.get("outcome")).intValue() == AuditOutcome.DONE.code();
                Expected is = new Expected(
                        (UUID) row.get("org_id"),
                        (UUID) row.get("credential_id"),
                        done ? (String) row.get("environment") : "",
                        (String) row.get("secret"),
                        ((Number) row.get("outcome")).intValue());
                doubles += found.put(id, is) == null ? 0 : 1;
            }
        }
        return doubles
                + expected.entrySet().stream()
                        .filter(read -> !read.getValue().equals(found.get(read.getKey())))
                        .count();
    }

    /** Rows that hold something of another organization. */
    private long strangers() {
        return server.database().count("""
                select count(*) from audit_event b
                 where exists (select from unnest(b.credential_ids) as id
                                where id is not null and not exists
                                      (select from credential c where c.org_id = b.org_id and c.credential_id = id))
                    or exists (select from unnest(b.environment_ids) as id
                                where id is not null and not exists
                                      (select from environment e where e.org_id = b.org_id and e.environment_id = id))
                    or exists (select from unnest(b.secret_ids) as id
                                where id is not null and not exists
                                      (select from secret s where s.org_id = b.org_id and s.secret_id = id))
                """);
    }
}
