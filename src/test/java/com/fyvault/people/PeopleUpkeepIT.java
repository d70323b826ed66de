package com.fyvault.people;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.crypto.Uuid7;
import com.fyvault.factors.PostgresFactorPurge;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.purge.PostgresSessionPurgeStore;
import com.fyvault.purge.PurgeRound;
import com.fyvault.purge.PurgeSessions;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What of people is over goes when it is due, and nothing else. Each limit is tried at a minute before and a minute after. */
class PeopleUpkeepIT extends ServerTest {
    /** More than one batch. */
    private static final int MANY = 2_500;

    private final Map<String, Long> due = new LinkedHashMap<>();
    private final Map<String, Long> kept = new LinkedHashMap<>();
    private TestPeople people;
    private Database database;
    private int number;

    @Override
    protected Map<String, String> settings() {
        // The server's own rounds stay away.
        return Map.of("purge.interval.seconds", "86400", "people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        people = new TestPeople(server);
        PostgresSettings postgres =
                PostgresSettings.from(Config.of(server.database().settings()));
        database = new Database(server.vertx(), postgres, "people-upkeep");
    }

    private UUID account() {
        UUID id = UUID.randomUUID();
        server.database().execute("insert into account (user_id, email) values (?, ?)", id, "upkeep" + number++);
        return id;
    }

    private void isDue(String table, String row) {
        isDue(table, row, 1);
    }

    private void isDue(String table, String row, int many) {
        put(table, row, many);
        due.merge(table, (long) many, Long::sum);
    }

    private void isKept(String table, String row) {
        put(table, row, 1);
        kept.merge(table, 1L, Long::sum);
    }

    /** Values of a row; n is its number. */
    private void put(String table, String row, int many) {
        server.database().execute("insert into " + table + " select " + row + " from generate_series(1, ?) n", many);
    }

    private static String ago(String interval) {
        return "now() - interval '" + interval + "'";
    }

    private String key() {
        return "sha256(('" + number++ + " ' || n)::bytea)";
    }

    private long rows(String table) {
        return server.database().count("select count(*) from " + table);
    }

    /** All is gone that was put there as due, all is left that was not, and a second round finds nothing. */
    private void goesAndNothingElse(PurgeRound round) {
        Map<String, Long> before = new LinkedHashMap<>();
        due.keySet().forEach(table -> before.put(table, rows(table) - due.get(table)));
        kept.keySet().forEach(table -> before.putIfAbsent(table, rows(table)));
        long all = due.values().stream().mapToLong(Long::longValue).sum();
        assertThat(TestServer.await(round.purge()).longValue()).isEqualTo(all);
        before.forEach((table, left) -> assertThat(rows(table)).as(table).isEqualTo(left));
        kept.forEach((table, most) -> assertThat(rows(table)).as(table).isGreaterThanOrEqualTo(most));
        assertThat(TestServer.await(round.purge())).isZero();
        due.clear();
        kept.clear();
    }

    @Test
    void whatPeopleAreSentAndAskedGoesAndNothingElse() {
        UUID user = account();
        String mail = "%s, 'reset', 'x', '" + user + "', null, now() - interval '3 days', %s, %s";
        isDue("mail_token", mail.formatted(key(), ago("1 day 1 minute"), "null"), MANY);
        isDue("mail_token", mail.formatted(key(), ago("1 day 1 minute"), ago("2 days")));
        isKept("mail_token", mail.formatted(key(), ago("23 hours 59 minutes"), "null"));
        isKept("mail_token", mail.formatted(key(), "now() + interval '1 minute'", ago("2 days")));
        String pending = "%s, '" + user + "', false, %s, ''";
        isDue("pending_login", pending.formatted(key(), ago("61 minutes")));
        isKept("pending_login", pending.formatted(key(), ago("59 minutes")));
        isKept("pending_login", pending.formatted(key(), "now() + interval '1 minute'"));
        String failure = "%s, 5, null, %s";
        isDue("password_failure", failure.formatted(key(), ago("1 day 1 minute")));
        isKept("password_failure", failure.formatted(key(), ago("23 hours 59 minutes")));
        String browser = "%s, '" + user + "', now() - interval '500 days', %s, ''";
        isDue("known_browser", browser.formatted(key(), ago("400 days 1 minute")));
        isKept("known_browser", browser.formatted(key(), ago("399 days 23 hours 59 minutes")));
        String letter = "gen_random_uuid(), '', %s, now() + interval '1 day', 0, null";
        isDue("mail_outbox", letter.formatted(ago("2 days 1 minute")));
        isKept("mail_outbox", letter.formatted(ago("1 day 23 hours 59 minutes")));
        isKept("person_event", "gen_random_uuid(), '" + user + "', now() - interval '5 years', 'login', 'done'");
        goesAndNothingElse(new PostgresPeopleUpkeep(database));
    }

    @Test
    void aLoginGoesAMonthAfterItsEndWithWhatItEntered() {
        UUID user = account();
        people.join(people.plant("lives@example.com", TestPeople.hash()), server.orgId(), Role.DEVELOPER);
        Api lives = server.api(people.login("lives@example.com"));
        assertThat(lives.get("/secrets").status()).isEqualTo(200);
        long entered = rows("login_entry");
        String login = "gen_random_uuid(), '" + user
                + "', %s, true, now() - interval '40 days', null, now() - interval '40 days', %s, %s, null, null, ''";
        isDue("login_session", login.formatted(key(), ago("30 days 1 minute"), ago("40 days")));
        isDue("login_session", login.formatted(key(), ago("30 days 1 minute"), "null"));
        server.database()
                .execute("insert into login_entry select session_id, gen_random_uuid(), gen_random_uuid()"
                        + " from login_session where expires_at < now()");
        isKept("login_session", login.formatted(key(), ago("29 days 23 hours 59 minutes"), ago("40 days")));
        isKept("login_session", login.formatted(key(), "now() + interval '1 minute'", ago("40 days")));
        goesAndNothingElse(new PostgresPeopleUpkeep(database));
        assertThat(rows("login_entry")).isEqualTo(entered);
        assertThat(lives.get("/secrets").status()).isEqualTo(200);
    }

    @Test
    void spentChallengesAndSecretsThatNobodyConfirmedGo() {
        isDue("spent_challenge", key() + ", " + ago("61 minutes"), MANY);
        isKept("spent_challenge", key() + ", " + ago("59 minutes"));
        String totp = "'%s'::uuid, '', 0, %s, %s";
        isDue("totp", totp.formatted(account(), ago("1 day 1 minute"), "null"));
        isKept("totp", totp.formatted(account(), ago("23 hours 59 minutes"), "null"));
        isKept("totp", totp.formatted(account(), ago("900 days"), ago("900 days")));
        isKept(
                "recovery_code",
                "'" + account() + "'::uuid, " + key() + ", " + ago("900 days") + ", " + ago("800 days"));
        goesAndNothingElse(new PostgresFactorPurge(database));
    }

    /** The rows of logins in an organization: with the session tokens that were minted with them, and after these. */
    @Test
    void credentialsOfLoginsGoWithWhatTheyMinted() {
        people.join(people.plant("old@example.com", TestPeople.hash()), server.orgId(), Role.OWNER);
        people.join(people.plant("new@example.com", TestPeople.hash()), server.orgId(), Role.OWNER);
        people.join(people.plant("live@example.com", TestPeople.hash()), server.orgId(), Role.OWNER);
        Api live = server.api(people.login("live@example.com"));
        for (Api api : new Api[] {
            server.api(people.login("old@example.com")), server.api(people.login("new@example.com")), live
        }) {
            created(api.post("/access-tokens", new JsonObject()));
        }
        String expire =
                "with login as (select credential_id from credential where org_id = ? and kind = 'LOGIN' and label = ?)"
                        + " update credential c set expires_at = now() - interval '%s' from login"
                        + " where c.credential_id = login.credential_id or c.parent_id = login.credential_id";
        int old = server.database().execute(expire.formatted("30 days 1 minute"), server.orgId(), "old@example.com");
        assertThat(old).isEqualTo(2);
        var _ = server.database()
                .execute(expire.formatted("29 days 23 hours 59 minutes"), server.orgId(), "new@example.com");
        // A key that is over stays where one can look at it.
        String key = server.key(new JsonObject().put("label", "long over")).getString("id");
        server.database()
                .execute(
                        "update credential set expires_at = now() - interval '900 days' where credential_id = ?::uuid",
                        key);
        long before = rows("credential");
        long logins = rows("credential where kind = 'LOGIN'");
        PurgeSessions purge = new PurgeSessions(
                database,
                new PostgresSessionPurgeStore(database),
                new PostgresAuditLog(),
                new Uuid7(Clock.systemUTC(), new SecureRandom()),
                new PurgeSessions.Bounds(Duration.ofDays(30), 10, 10));
        long gone = TestServer.await(purge.purge()).longValue() + TestServer.await(purge.purge());
        assertThat(gone).isEqualTo(2);
        assertThat(rows("credential")).isEqualTo(before - 2);
        assertThat(rows("credential where kind = 'LOGIN'")).isEqualTo(logins - 1);
        assertThat(TestServer.await(purge.purge())).isZero();
        assertThat(server.database()
                        .count("select sum((details ->> 'count')::int) from audit_trail where action = "
                                + AuditAction.SESSION_PURGE.code()))
                .isEqualTo(2);
        assertThat(live.get("/secrets").status()).isEqualTo(200);
        assertThat(rows("credential where credential_id = '" + key + "'")).isOne();
    }
}
