package com.fyvault.people;

import static com.fyvault.support.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.credentials.PostgresKeyStore;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The end of logins that have entered several organizations. */
class EndLoginsIT extends ServerTest {
    /** It names no organization on purpose. */
    private static final String FORGETFUL = "select org_id from project";

    private Database database;
    private PostgresLoginSessions sessions;
    private PostgresKeyStore keys;
    private EndLogins ending;
    private TestPeople people;
    private UUID first;
    private UUID second;
    private int drawn;

    @BeforeAll
    void connect() {
        first = server.orgId();
        second = server.anotherOrg().orgId();
        people = new TestPeople(server);
        RowSeal seals = new RowSeal(server.subKeys().rowSeal());
        database = new Database(
                server.vertx(),
                PostgresSettings.from(Config.of(server.database().settings())),
                "ending");
        sessions = new PostgresLoginSessions(database, seals);
        keys = new PostgresKeyStore(database, seals);
        EndLogins.Tools tools =
                new EndLogins.Tools(new Uuid7(Clock.systemUTC(), new SecureRandom()), Clock.systemUTC());
        Withdrawals unused = new Withdrawals(cut -> Future.succeededFuture(), null);
        ending = new EndLogins(sessions, keys, new PostgresAuditLog(), unused, tools);
    }

    @AfterAll
    void close() {
        var _ = await(database.close());
    }

    /** Each of two people has logins that entered the two organizations in the other one's order. */
    @Test
    void theEndsOfTwoPeoplesLoginsDoNotWaitForEachOther() {
        int rounds = Lane.count(1_000, 100);
        UUID ada = member();
        UUID bob = member();
        int failures = 0;
        for (int i = 0; i < rounds; i++) {
            enterInTurns(ada, first, second);
            enterInTurns(bob, second, first);
            List<Future<EndLogins.Ended>> both = List.of(end(ada), end(bob));
            var _ = await(Future.join(both).otherwiseEmpty());
            for (Future<EndLogins.Ended> one : both) {
                failures += one.failed() || one.result().logins() != 2 ? 1 : 0;
            }
        }
        Figures.print(new Figures.Line(
                "logins", "ends of two people's logins in two organizations", rounds, 2L * rounds, failures, ""));
        assertThat(failures).isZero();
        assertThat(server.database()
                        .count("select count(*) from credential where kind = 'LOGIN' and revoked_at is null"))
                .isZero();
    }

    @Test
    void whatALoginEnteredIsTakenInTheOrderOfTheOrganizations() {
        UUID person = member();
        List<UUID> ids = new ArrayList<>();
        for (UUID org : List.of(second, first, second, first)) {
            ids.add(enter(person, org));
        }
        List<UUID> orgs = await(database.inTransaction(transaction -> sessions.entries(transaction, ids))).stream()
                .map(LoginSessions.Entry::orgId)
                .toList();
        assertThat(orgs).hasSize(4);
        assertThat(Set.copyOf(orgs.subList(0, 2))).hasSize(1);
        assertThat(Set.copyOf(orgs.subList(2, 4))).hasSize(1);
        assertThat(Set.copyOf(orgs)).containsExactlyInAnyOrder(first, second);
        assertThat(orgs).isSortedAccordingTo((a, b) -> a.toString().compareTo(b.toString()));
        var _ = await(end(person));
    }

    @Test
    void afterALookUpOverAllOrganizationsTheTransactionSeesWhatItSawBefore() {
        UUID person = member();
        UUID login = enter(person, second);
        PostgresMemberships memberships =
                new PostgresMemberships(database, new RowSeal(server.subKeys().rowSeal()));
        for (LookUp lookUp : List.<LookUp>of(
                transaction -> sessions.entries(transaction, List.of(login)).map(List::size),
                transaction -> sessions.forgetEntries(transaction, login).map(0),
                transaction -> memberships.countOwned(transaction, person))) {
            Set<UUID> narrow = await(
                    database.inTransaction(first, inside -> lookUp.in(inside).compose(done -> found(inside))));
            assertThat(narrow).containsOnly(first);
            Future<Set<UUID>> nowhere =
                    database.inTransaction(inside -> lookUp.in(inside).compose(done -> found(inside)));
            assertThatThrownBy(() -> await(nowhere)).rootCause().message().contains("22P02");
        }
    }

    @Test
    void afterTheEndOfLoginsTheTransactionIsInTheLastOrganizationAndInNoOther() {
        UUID person = member();
        enterInTurns(person, first, second);
        UUID last = first.toString().compareTo(second.toString()) < 0 ? second : first;
        Set<UUID> seen = await(database.inTransaction(
                inside -> ending.allBut(inside, person, null).compose(ended -> found(inside))));
        assertThat(seen).containsOnly(last);
    }

    private interface LookUp {
        Future<Integer> in(Transaction transaction);
    }

    private static Future<Set<UUID>> found(Transaction transaction) {
        return transaction.query(FORGETFUL, Tuple.tuple()).map(EndLoginsIT::orgs);
    }

    private static Set<UUID> orgs(RowSet<Row> rows) {
        Set<UUID> orgs = new HashSet<>();
        rows.forEach(row -> orgs.add(row.getUUID("org_id")));
        return orgs;
    }

    private Future<EndLogins.Ended> end(UUID person) {
        return database.inTransaction(transaction -> ending.allBut(transaction, person, null));
    }

    private UUID member() {
        UUID id = people.plant("several" + drawn++ + "@example.com", TestPeople.hash());
        for (UUID org : List.of(first, second)) {
            people.join(id, org, Role.VIEWER);
        }
        return id;
    }

    /** Two logins, of which the one with the smaller id, which ends first, has entered the one organization, and the other the other. */
    private void enterInTurns(UUID person, UUID one, UUID other) {
        UUID a = people.plantLogin(person);
        UUID b = people.plantLogin(person);
        boolean ordered = a.toString().compareTo(b.toString()) < 0;
        enter(ordered ? a : b, person, one);
        enter(ordered ? b : a, person, other);
    }

    private UUID enter(UUID person, UUID org) {
        UUID login = people.plantLogin(person);
        enter(login, person, org);
        return login;
    }

    private void enter(UUID login, UUID person, UUID org) {
        UUID id = UUID.randomUUID();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Credential credential = new Credential(
                org,
                id,
                TokenFormat.hash(id.toString()),
                TokenKind.LOGIN,
                "login",
                "",
                ScopeSet.all(),
                Reach.EVERYWHERE,
                "{}",
                person,
                null,
                null,
                null,
                "login:" + login,
                now,
                now.plus(Duration.ofHours(12)),
                null,
                null);
        var _ = await(database.inTransaction(
                org,
                transaction -> sessions.enter(transaction, login, new LoginSessions.Entry(org, id))
                        .compose(first -> keys.add(transaction, credential))));
    }
}
