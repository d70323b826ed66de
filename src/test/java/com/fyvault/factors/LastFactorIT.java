package com.fyvault.factors;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.TestAuthenticator;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The last second factor of somebody stays while an organization of theirs asks for one. */
class LastFactorIT extends FactorPolicyTest {
    private static final String CODE = "SECOND_FACTOR_REQUIRED_BY_ORG";
    private static final String TOTP = "/users/me/totp";
    private static final int PARALLEL = 64;

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("factors.rp.id", "example.com");
        settings.put("factors.rp.origins", FactorPerson.ORIGIN);
        return settings;
    }

    private Api.Answer removeTotp(FactorPerson person) {
        people.stepUp(person.token(), Duration.ZERO);
        return person.send("DELETE", TOTP, null);
    }

    private long codes(FactorPerson person) {
        return server.database().count("select count(*) from recovery_code where user_id = ?", person.id());
    }

    @Test
    void theLastOneStaysAndAnotherOneGoes() {
        FactorPerson ada = member("ada@example.com", Role.DEVELOPER);
        ada.enrolTotp();
        require(true);
        isRefused(removeTotp(ada), 409, CODE);
        assertThat(codes(ada)).isEqualTo(10);
        assertThat(server.api(ada.token()).get("/secrets").status()).isEqualTo(200);
        // With a passkey besides, the app may go; then the passkey is the last one.
        people.stepUp(ada.token(), Duration.ZERO);
        TestAuthenticator authenticator =
                new TestAuthenticator(new SeededRandom(64), FactorPerson.ORIGIN, "example.com");
        String id = created(ada.addPasskey("laptop", authenticator.registration(ada.creationChallenge())))
                .getString("id");
        assertThat(removeTotp(ada).status()).isEqualTo(200);
        isRefused(ada.send("DELETE", "/users/me/passkeys/" + id, null), 409, CODE);
        assertThat(codes(ada)).isEqualTo(10);
        require(false);
        assertThat(ada.send("DELETE", "/users/me/passkeys/" + id, null).status())
                .isEqualTo(200);
        assertThat(codes(ada)).isZero();
    }

    @Test
    void anyOrganizationCountsWhileOneIsInIt() {
        FactorPerson ben = new FactorPerson(server, "ben@example.com");
        ben.enrolTotp();
        UUID other = server.anotherOrg().orgId();
        people.join(ben.id(), other, Role.VIEWER);
        require(true);
        // Not of the one that asks.
        assertThat(removeTotp(ben).status()).isEqualTo(200);
        people.join(ben.id(), server.orgId(), Role.VIEWER);
        ben.enrolTotp();
        isRefused(removeTotp(ben), 409, CODE);
        String path = "/members/" + ben.id();
        assertThat(owner.post(path + "/deactivate", new JsonObject()).status()).isEqualTo(200);
        isRefused(removeTotp(ben), 409, CODE);
        assertThat(owner.patch(path, new JsonObject().put("role", "viewer")).status())
                .isEqualTo(200);
        assertThat(ben.send("DELETE", "/auth/me/orgs/" + server.orgId(), null).status())
                .isEqualTo(200);
        assertThat(removeTotp(ben).status()).isEqualTo(200);
    }

    /** The policy and 63 removals at once: either it was first, and the factor stays, or what rests on no factor is over. */
    @Test
    void theSwitchAndTheRemovalDoNotBothPass() {
        int rounds = Lane.count(1_000, 25);
        FactorPerson eve = member("eve@example.com", Role.DEVELOPER);
        Api login = server.api(eve.token());
        TreeMap<String, Integer> outcomes = new TreeMap<>();
        long violations = 0;
        for (int round = 0; round < rounds; round++) {
            server.database().execute("delete from totp where user_id = ?", eve.id());
            people.plantFactor(eve.id());
            people.stepUp(eve.token(), Duration.ZERO);
            String agent = created(login.post(
                            "/agent-credentials", named("bot " + round).put("scopes", texts("SECRETS_READ"))))
                    .getString("credential");
            long removed = race(login, round * 7 % PARALLEL);
            long factors = server.database().count("select count(*) from totp where user_id = ?", eve.id());
            int agentStatus = owner.as(agent).get("/secrets").status();
            int loginStatus = login.get("/secrets").status();
            String seen = removed + " removed, " + factors + " left, agent " + agentStatus + ", login " + loginStatus;
            boolean kept = seen.equals("0 removed, 1 left, agent 200, login 200");
            boolean gone = seen.equals("1 removed, 0 left, agent 401, login 403");
            violations += kept || gone ? 0 : 1;
            outcomes.merge(seen, 1, Integer::sum);
            clear();
        }
        Figures.print(new Figures.Line(
                "members",
                "a policy and 63 removals of the last factor",
                rounds,
                (long) rounds * PARALLEL,
                violations,
                "outcomes=" + outcomes));
        assertThat(violations).isZero();
    }

    /** Sends the policy in this place among the removals; how many of these were done. */
    private long race(Api login, int place) {
        List<CompletableFuture<Api.Answer>> removals = new ArrayList<>();
        List<CompletableFuture<Api.Answer>> set = new ArrayList<>();
        for (int k = 0; k < PARALLEL; k++) {
            if (k == place) {
                JsonObject body = new JsonObject().put("requireSecondFactor", true);
                set.add(owner.sendLater("PATCH", "/policy", body.encode()));
            } else {
                Api api = k % 2 == 0 ? login : login.at(second.url());
                removals.add(api.sendLater("DELETE", "//api/v1" + TOTP, null));
            }
        }
        assertThat(set.get(0).join().status()).isEqualTo(200);
        return removals.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() == 200)
                .count();
    }
}
