package com.fyvault.purge;

import static com.fyvault.purge.LongTables.BEFORE;
import static com.fyvault.purge.LongTables.LATER;
import static com.fyvault.purge.LongTables.MANY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.crypto.Uuid7;
import com.fyvault.events.PostgresEventPurge;
import com.fyvault.factors.PostgresFactorPurge;
import com.fyvault.federation.PostgresUsedIdentities;
import com.fyvault.guesses.PostgresGuessStore;
import com.fyvault.leaks.PostgresLeakReports;
import com.fyvault.people.PostgresPeopleUpkeep;
import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is old goes, and what is not is not even read, however much of it there is. */
class PurgeLongTablesIT {
    private static final int OLD = 30;

    /** Rows as {@link LongTables#plant} makes them, and who looks for the old ones among them. */
    record Case(String into, String values, Function<Database, Future<?>> look) {
        String table() {
            return into.substring(0, into.indexOf(' '));
        }

        @Override
        public String toString() {
            return table() + " " + values;
        }
    }

    private static Function<Database, Future<?>> round(Function<Database, PurgeRound> made) {
        return database -> made.apply(database).purge();
    }

    private static Stream<Case> ofOrganizations() {
        Function<Database, Future<?>> upkeep = round(PostgresUpkeep::new);
        return Stream.of(
                new Case(
                        "idempotency (org_id, principal_id, route, key, fingerprint, created_at)",
                        "$org, $id, 'r', 'k', '', $at",
                        upkeep),
                new Case(
                        "handle (org_id, handle_id, handle_hash, credential_id, minter_token, project_id,"
                                + " environment_id, secret_id, secret_name, created_at, expires_at, seal)",
                        "$org, $id, $key, $org, '', $org, $org, $org, 'NAME', now(), $at, ''",
                        upkeep),
                new Case(
                        "connect_code (org_id, code_id, code_hash, name, project_ids, environment_ids, secret_patterns,"
                                + " cidrs, redirect_uri, challenge, user_id, created_by, expires_at, seal)",
                        "$org, $id, $key, 'n', '{}', '{}', '{}', '{}', '', '', $org, '', $at, ''",
                        upkeep),
                new Case(
                        "used_identity (org_id, identity, expires_at)",
                        "$org, $key, $at",
                        round(PostgresUsedIdentities::new)),
                new Case("spent_challenge (challenge, spent_at)", "$key, $at", round(PostgresFactorPurge::new)),
                new Case("guess (subject, times, last_at)", "$key, '{}', $at", round(PostgresGuessStore::new)),
                new Case("leak_report (digest, taken_at)", "$key, $at", round(PostgresLeakReports::new)),
                new Case(
                        "event (org_id, event_id, at, type)",
                        "$org, $id, $at, 'secret.created'",
                        round(PostgresEventPurge::new)));
    }

    private static Stream<Case> ofPeople() {
        Function<Database, Future<?>> people = round(PostgresPeopleUpkeep::new);
        return Stream.of(
                new Case("mail_token (token_hash, purpose, email, expires_at)", "$key, 'reset', 'x', $at", people),
                new Case(
                        "pending_login (token_hash, user_id, cookie, expires_at, seal)",
                        "$key, $org, true, $at, ''",
                        people),
                new Case("password_failure (subject, failures, last_at)", "$key, 1, $at", people),
                new Case("known_browser (browser_hash, user_id, last_seen_at, seal)", "$key, $org, $at, ''", people),
                new Case(
                        "login_session (session_id, user_id, token_hash, cookie, signed_in_at, last_seen_at,"
                                + " expires_at, seal)",
                        "$id, $org, $key, true, now(), now(), $at, ''",
                        people));
    }

    private static Stream<Case> tokens() {
        String into =
                "credential (org_id, credential_id, token_hash, kind, label, last4, scopes, created_by, expires_at, changed_epoch, seal)";
        return Stream.of("SESSION", "LOGIN")
                .map(kind -> new Case(
                        into,
                        "$org, $id, $key, 'KIND', '', '', '{}', '', $at, 1, ''".replace("KIND", kind),
                        round(PurgeLongTablesIT::sessions)));
    }

    private static PurgeSessions sessions(Database database) {
        return new PurgeSessions(
                database,
                new PostgresSessionPurgeStore(database),
                new PostgresAuditLog(),
                new Uuid7(Clock.systemUTC(), new SecureRandom()),
                new PurgeSessions.Bounds(Duration.ofDays(30), 100, 10));
    }

    private static Future<?> deleted(Database database) {
        return database.everywhere().inTransaction(transaction -> {
            Future<?> all = Future.succeededFuture();
            for (PurgeStore.Kind kind : PurgeStore.Kind.values()) {
                all = all.compose(before -> new PostgresPurgeStore().purge(transaction, kind, 100));
            }
            return all;
        });
    }

    @ParameterizedTest
    @MethodSource({"ofOrganizations", "ofPeople", "tokens"})
    void whatIsOldGoesAndNothingElseIsRead(Case one) {
        try (LongTables tables = new LongTables()) {
            tables.plant(one.into(), one.values(), LATER, MANY);
            tables.plant(one.into(), one.values(), BEFORE, OLD);
            tables.readsNextToNothing(one.table(), OLD, one.look());
            assertThat(tables.rows(one.table())).isEqualTo(MANY);
        }
    }

    /** Of projects, environments and secrets, and of what is in those that go: each organization has one project. */
    @Test
    void whatWasDeletedGoesAndNothingElseIsRead() {
        String all = " from project";
        String living = " from project where deleted_at is null";
        try (LongTables tables = new LongTables()) {
            for (String at : List.of(LATER, BEFORE, "null")) {
                String projects = "project (org_id, project_id, name, name_key, deleted_at)";
                tables.plant(projects, "$id, $id, '', '', $at", at, at.equals(LATER) ? MANY : OLD);
            }
            String environments =
                    "insert into environment (org_id, environment_id, project_id, name, name_key, deleted_at)"
                            + " select org_id, gen_random_uuid(), project_id, '', '', ";
            tables.add(environments + "null" + all);
            tables.add(environments + "deleted_at" + all + " where deleted_at > now()");
            tables.add(environments + "now() - interval '31 days'" + living);
            String secrets =
                    "insert into secret (org_id, secret_id, project_id, name, name_key, secret_type, encryption_mode,"
                            + " created_by, deleted_at) select org_id, gen_random_uuid(), project_id, '', '', '', 'server', '', ";
            tables.add(secrets + "null" + all);
            tables.add(secrets + "deleted_at" + all + " where deleted_at > now()");
            tables.add(secrets + "now() - interval '31 days'" + living);
            tables.add(
                    "insert into secret_value (org_id, environment_id, secret_id, current_version, changed_version, seal)"
                            + " select s.org_id, e.environment_id, s.secret_id, 1, 1, '' from environment e join secret s"
                            + " on s.org_id = e.org_id and s.project_id = e.project_id");
            tables.readsNextToNothing("deleted", 6 * (OLD + 1), PurgeLongTablesIT::deleted);
            assertThat(tables.rows("project")).isEqualTo(MANY + OLD + 1);
            assertThat(tables.rows("environment")).isEqualTo(2 * MANY + OLD + 1);
            assertThat(tables.rows("secret")).isEqualTo(2 * MANY + OLD + 1);
            assertThat(tables.rows("secret_value")).isEqualTo(4 * MANY + OLD + 1);
        }
    }
}
