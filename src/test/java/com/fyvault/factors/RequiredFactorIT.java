package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of logins in an organization that asks for a second factor. Keys are not concerned. */
class RequiredFactorIT extends FactorPolicyTest {

    private static final int FLOOD = 600;

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
        FactorPerson ada = member("ada@example.com", Role.DEVELOPER);
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
        FactorPerson ben = member("ben@example.com", Role.DEVELOPER);
        FactorPerson eve = member("eve@example.com", Role.DEVELOPER);
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
        FactorPerson col = member("col@example.com", Role.DEVELOPER);
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
        FactorPerson eve = member("turned.away@example.com", Role.DEVELOPER);
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
