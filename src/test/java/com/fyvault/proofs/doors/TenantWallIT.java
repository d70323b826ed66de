package com.fyvault.proofs.doors;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T37: whoever connects as the application, or as the tables' owner, meets the rows of one organization, whatever they ask. */
class TenantWallIT extends ServerTest {
    /** Tables of the installation or of people, who are of no organization or of many; and whatever else has no org_id. */
    private static final Map<String, String> OF_NO_ORGANIZATION = Map.ofEntries(
            Map.entry("account", "a person, who may be in many organizations"),
            Map.entry("login_session", "a person's"),
            Map.entry("leak_report", "a digest of what GitHub has signed, which may be about many"),
            Map.entry("mail_token", "of somebody who may have no account yet"),
            Map.entry("pending_login", "a person's"),
            Map.entry("known_browser", "a person's"),
            Map.entry("password_failure", "by a keyed hash of an address"),
            Map.entry("person_event", "a person's"),
            Map.entry("mail_outbox", "sealed, and gone once sent"),
            Map.entry("totp", "a person's"),
            Map.entry("recovery_code", "a person's"),
            Map.entry("passkey", "a person's"),
            Map.entry("spent_challenge", "a random number"),
            Map.entry("guess", "by a keyed hash of a name"),
            Map.entry("node", "a running server"),
            Map.entry("flyway_schema_history", "which migrations ran"));

    private static final String TABLES = """
            select c.relname as name, c.relispartition as part, c.relrowsecurity as walled, c.relforcerowsecurity as forced,
                   exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id') as tenants
              from pg_class c
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1
            """;

    private UUID theirs;
    private UUID ours;
    private final List<String> tables = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();

    @BeforeAll
    void settle() {
        Bootstrap.Made made = server.anotherOrg();
        theirs = server.orgId();
        ours = made.orgId();
        Api us = server.api(made.key().exposeText()).in(ours.toString());
        settle(owner, theirs, new Things(server, owner, theirs, "_theirs").prepare());
        settle(us, ours, new Things(server, us, ours, "_ours").prepare());
        for (Map<String, Object> table : server.database().query(TABLES)) {
            if ((Boolean) table.get("tenants")) {
                ((Boolean) table.get("part") ? parts : tables).add((String) table.get("name"));
            }
        }
    }

    /** What there is only once something was done with the things. */
    private void settle(Api api, UUID org, Things things) {
        JsonObject assigned = new JsonObject().put("secretId", things.get("secret", false));
        assertThat(api.post("/devices/" + things.get("device", false) + "/secrets", assigned)
                        .status())
                .isEqualTo(200);
        JsonObject in = new JsonObject().put("userId", things.get("user", false));
        assertThat(api.post("/teams/" + things.get("team", false) + "/members", in)
                        .status())
                .isEqualTo(200);
        JsonObject _ = created(api.post("/projects", named("once"), "idempotency-key", "once"));
        TestPeople people = new TestPeople(server);
        people.join(people.plant(org + "@example.com", TestPeople.hash()), org, Role.MEMBER);
        String login = people.login(org + "@example.com");
        assertThat(api.as(login).get("/projects").status()).isEqualTo(200);
        // It takes another issuer to have one of these.
        server.database().execute("insert into used_identity values (?, ?, now())", org, new byte[] {1});
        // Sent already: nobody is to be told anything here.
        server.database()
                .execute(
                        "insert into webhook_delivery (org_id, webhook_id, event_id, payload, next_at) "
                                + "values (?, ?::uuid, ?, '{}', null)",
                        org,
                        things.get("webhook", false),
                        org);
        server.database()
                .execute(
                        "insert into leak (org_id, leak_id, credential_id, reporter)"
                                + " values (?, gen_random_uuid(), gen_random_uuid(), 'possession')",
                        org);
        // It takes a person with a second factor to have one of these.
        server.database()
                .execute(
                        "insert into connect_code (org_id, code_id, code_hash, name, project_ids, environment_ids,"
                                + " secret_patterns, cidrs, redirect_uri, challenge, user_id, created_by, expires_at, seal)"
                                + " values (?, gen_random_uuid(), '', '', '{}', '{}', '{}', '{}', '', '',"
                                + " gen_random_uuid(), '', now(), '')",
                        org);
    }

    @Test
    void everyTableOfAnOrganizationIsWalledOffAlsoFromItsOwner() {
        List<String> open = new ArrayList<>();
        TreeSet<String> others = new TreeSet<>();
        for (Map<String, Object> table : server.database().query(TABLES)) {
            if (!(Boolean) table.get("tenants")) {
                others.add((String) table.get("name"));
            } else if (!(Boolean) table.get("walled") || !(Boolean) table.get("forced")) {
                open.add((String) table.get("name"));
            }
        }
        assertThat(open)
                .as("tables for which their migration did not call wall_off")
                .isEmpty();
        assertThat(others)
                .as("tables without org_id: give a reason above")
                .isEqualTo(new TreeSet<>(OF_NO_ORGANIZATION.keySet()));
    }

    @Test
    void aPartitionThatIsMadeLaterIsWalledOffToo() {
        TestDatabase database = server.database();
        String last = parts.stream()
                .filter(part -> part.matches("audit_event_\\d+"))
                .max(String::compareTo)
                .orElseThrow();
        database.execute("drop table " + last);
        assertThat(database.count("select count(*) from (select ensure_audit_partitions()) made"))
                .isEqualTo(1);
        assertThat(database.count(
                        "select count(*) from pg_class where relname = ? and relrowsecurity and relforcerowsecurity",
                        last))
                .isEqualTo(1);
    }

    @Test
    void theApplicationMeetsNoRowOfAnotherOrganization() {
        meetsNone("postgres", "application", tables);
    }

    @Test
    void theOwnerOfTheTablesMeetsNoRowOfAnotherOrganization() {
        List<String> all = new ArrayList<>(tables);
        all.addAll(parts);
        meetsNone("postgres.owner", "owner", all);
    }

    private void meetsNone(String role, String name, List<String> asked) {
        Walled.Tally tally = new Walled.Tally();
        Map<String, Long> there = new HashMap<>();
        for (String table : asked) {
            there.put(table, rows(table, theirs));
            if (!parts.contains(table)) {
                assertThat(there.get(table)).as("planted in " + table).isPositive();
                assertThat(rows(table, ours)).as("planted in " + table).isPositive();
            }
        }
        try (Walled walled = new Walled(server.database(), role, ours.toString())) {
            for (String table : asked) {
                tally.expect(table + " own", walled.count("select count(*) from " + table), rows(table, ours));
                walled.attack(table, theirs, tally);
            }
            tally.expect("trail", walled.count("select count(*) from audit_trail where org_id = ?", theirs), 0);
            tally.expect("walk", walled.count(Walled.WALK, theirs), 0);
            assertThat(walled.count(Walled.WALK, ours)).isPositive();
        }
        for (String nothing : List.of("", Walled.UNSET)) {
            try (Walled walled = new Walled(server.database(), role, nothing)) {
                for (String table : asked) {
                    tally.expect(table + " unset", walled.isShut(table) ? 0 : there.get(table), 0);
                }
            }
        }
        for (String table : asked) {
            tally.expect(table + " kept", rows(table, theirs), there.get(table));
        }
        Figures.print(new Figures.Line(
                "T37",
                "rows of another organization, as the " + name,
                0,
                tally.asked(),
                tally.wrong().size(),
                "tables=" + asked.size() + " foreign rows="
                        + there.values().stream().mapToLong(Long::longValue).sum() + " refused=" + tally.refused()));
        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.asked()).isGreaterThan(asked.size() * 6L);
    }

    private long rows(String table, UUID org) {
        return server.database().count("select count(*) from " + table + " where org_id = ?", org);
    }
}
