package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of logins in an organization that asks for a second factor. Keys are not concerned. */
class RequiredFactorIT extends ServerTest {
    private static final String VALUE = "/secrets/by-name/STRIPE/value";

    private static final int FLOOD = 600;

    private TestServer second;
    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        people = new TestPeople(server);
        server.createSecret("STRIPE", "sk");
    }

    @AfterAll
    void stop() {
        second.close();
    }

    @AfterEach
    void clear() {
        require(false);
    }

    private void require(boolean factor) {
        Api.Answer answer = owner.patch("/policy", new JsonObject().put("requireSecondFactor", factor));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** Somebody with a password alone, logged in, and a member. */
    private FactorPerson member(String email) {
        FactorPerson person = new FactorPerson(server, email);
        people.join(person.id(), server.orgId(), Role.DEVELOPER);
        return person;
    }

    /** The person's login in the organization, at both nodes. */
    private List<Api> inside(FactorPerson person) {
        Api api = server.api(person.token());
        return List.of(api, api.at(second.url()));
    }

    private void isOut(FactorPerson person) {
        for (Api api : inside(person)) {
            isRefused(api.get(VALUE), 403, "SECOND_FACTOR_REQUIRED");
            isRefused(api.get("/secrets"), 403, "SECOND_FACTOR_REQUIRED");
            isRefused(api.post("/secrets", new JsonObject()), 403, "SECOND_FACTOR_REQUIRED");
        }
    }

    private void isIn(FactorPerson person) {
        for (Api api : inside(person)) {
            assertThat(api.value("STRIPE")).isEqualTo("sk");
            assertThat(api.get("/secrets").status()).isEqualTo(200);
        }
    }

    @Test
    void whoHasAPasswordAloneLogsInAndEnrolsAndOnlyThenEnters() {
        require(true);
        FactorPerson ada = member("ada@example.com");
        isOut(ada);
        // The login itself is good: what it is for is to enrol.
        assertThat(ada.send("GET", "/users/me", null).status()).isEqualTo(200);
        assertThat(ada.send("GET", "/auth/me/orgs", null).list()).hasSize(1);
        ada.beginTotp();
        isOut(ada);
        assertThat(ada.post("/users/me/totp/confirm", ada.code()).status()).isEqualTo(200);
        isIn(ada);
        // From now on a login has two steps, and is one that enters.
        ada.take(ada.finish(ada.tempToken(), ada.code().getString("code")));
        isIn(ada);
    }

    @Test
    void whoWasInWithAPasswordAloneIsOutAtOnce() {
        FactorPerson ben = member("ben@example.com");
        FactorPerson eve = member("eve@example.com");
        eve.enrolTotp();
        for (int i = 0; i < 3; i++) {
            isIn(ben);
            isIn(eve);
            require(true);
            isOut(ben);
            isIn(eve);
            clear();
        }
        isIn(ben);
    }

    @Test
    void itIsAskedByTheOrganizationAndOfItsLoginsOnly() {
        require(true);
        FactorPerson col = member("col@example.com");
        UUID other = server.anotherOrg().orgId();
        people.join(col.id(), other, Role.VIEWER);
        isOut(col);
        assertThat(server.api(col.token()).in(other.toString()).get("/secrets").status())
                .isEqualTo(200);
        assertThat(owner.get(VALUE).status()).isEqualTo(200);
        // Somebody who is no member is told nothing of it.
        FactorPerson stranger = new FactorPerson(server, "stranger@example.com");
        isRefused(server.api(stranger.token()).get(VALUE), 404, "ORG_NOT_FOUND");
    }

    /** Who is turned away stands in the trail, as often as two gates write refusals in full; the rest is counted. */
    @Test
    void refusedEntriesAreRecordedAndAFloodOfThemIsCounted() {
        require(true);
        FactorPerson eve = member("turned.away@example.com");
        Api api = server.api(eve.token());
        isRefused(api.get(VALUE), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(api.get("/secrets"), 403, "SECOND_FACTOR_REQUIRED");
        List<JsonObject> first = refusedEntries();
        assertThat(first).hasSizeGreaterThanOrEqualTo(2);
        for (JsonObject record : first.subList(0, 2)) {
            assertThat(record.getJsonObject("details").getString("code")).isEqualTo("SECOND_FACTOR_REQUIRED");
            assertThat(record.getJsonObject("details").getString("user_id"))
                    .isEqualTo(eve.id().toString());
            assertThat(record.getString("address")).isEqualTo("127.0.0.1");
        }
        List<CompletableFuture<Api.Answer>> flood = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            flood.add(api.sendLater("GET", i % 2 == 0 ? VALUE : "/secrets", null));
            if (i % 50 == 49) {
                flood.forEach(CompletableFuture::join);
            }
        }
        assertThat(flood).allMatch(answer -> answer.join().status() == 403);
        List<JsonObject> written = refusedEntries().stream()
                .filter(record -> !first.contains(record))
                .toList();
        long counted = written.stream()
                .mapToLong(record -> record.getJsonObject("details").getLong("repeats", 0L))
                .sum();
        assertThat(written).hasSizeBetween(100, 2 * 100 + 30);
        assertThat(counted).isLessThanOrEqualTo(FLOOD);
    }

    private List<JsonObject> refusedEntries() {
        return owner.get("/audit?action=login.begin&outcome=refused&limit=1000").list().stream()
                .map(JsonObject.class::cast)
                .toList();
    }
}
