package com.fyvault.factors;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An organization that begins to ask for a second factor: what people without one have made before. */
class FactorPolicyIT extends FactorPolicyTest {
    private static final int PARALLEL = 64;
    private static final int MANY = 1_200;

    private Api login(FactorPerson person) {
        return server.api(person.token());
    }

    /** One of each kind that a login makes, and what its session makes: six that can be shown, and a rule that cannot. */
    private List<Api> everything(FactorPerson person) {
        Api login = login(person);
        people.stepUp(person.token(), Duration.ZERO);
        JsonObject agent = named("bot").put("scopes", texts("SECRETS_READ"));
        String session = created(login.post("/access-tokens", new JsonObject())).getString("token");
        var _ = created(login.post(
                "/trust-rules",
                named("rule")
                        .put("type", "github")
                        .put("conditions", new JsonObject().put("repository", "acme/app"))
                        .put("scopes", texts("SECRETS_READ"))));
        return List.of(
                server.api(session),
                server.api(created(login.post("/agent-credentials", agent)).getString("credential")),
                server.api(created(server.api(session).post("/agent-credentials", agent))
                        .getString("credential")),
                server.api(created(login.post("/devices", named("box"))).getString("token")),
                server.api(created(login.post("/providers", named("Mail"))).getString("token")),
                server.api(created(login.post("/break-glass", new JsonObject().put("reason", "a test")))
                        .getString("token")));
    }

    /** At both nodes. A provider and a device may not list, but then they are known. */
    private void areKnown(List<Api> all, boolean known) {
        for (Api api : all) {
            for (Api at : List.of(api, api.at(second.url()))) {
                Api.Answer answer = at.get("/secrets");
                if (known) {
                    assertThat(answer.status()).as(answer.text()).isIn(200, 403);
                } else {
                    isRefused(answer, 401, "TOKEN_REVOKED");
                }
            }
        }
    }

    /** While nobody asks for it, a factor can be taken away; or there was none, when a login made such things without. */
    private void loseFactor(FactorPerson person) {
        server.database().execute("delete from totp where user_id = ?", person.id());
    }

    private long rules() {
        return owner.get("/trust-rules").list().size();
    }

    @Test
    void whatALoginHasMadeEndsForThoseWithoutAFactor() {
        FactorPerson ben = member("ben@example.com", Role.OWNER);
        FactorPerson eve = member("eve@example.com", Role.OWNER);
        eve.enrolTotp();
        people.plantFactor(ben.id());
        List<Api> bens = everything(ben);
        List<Api> eves = everything(eve);
        loseFactor(ben);
        Api key = withKey(new JsonObject());
        Api ofKey =
                owner.as(created(key.post("/access-tokens", new JsonObject())).getString("token"));
        for (List<Api> all : List.of(bens, eves, List.of(key, ofKey, login(ben)))) {
            areKnown(all, true);
        }
        assertThat(rules()).isEqualTo(2);

        JsonObject changed = require(true);
        assertThat(changed.getBoolean("requireSecondFactor")).isTrue();
        // The session, what it made, an agent, a device, a provider, break-glass and a rule.
        assertThat(changed.getInteger("revoked")).isEqualTo(7);
        areKnown(bens, false);
        areKnown(eves, true);
        // The owner has no factor either, but an API key asked for one.
        areKnown(List.of(key, ofKey, login(eve)), true);
        assertThat(rules()).isEqualTo(1);
        JsonObject record =
                owner.get("/audit?action=policy.update&limit=1").list().getJsonObject(0);
        assertThat(record.getJsonObject("details").getInteger("revoked")).isEqualTo(7);
        assertThat(require(true).getInteger("revoked")).isZero();

        // The login itself comes in again, with a factor or without being asked; nothing of before comes with it.
        isRefused(login(ben).get(VALUE), 403, "SECOND_FACTOR_REQUIRED");
        ben.enrolTotp();
        for (int i = 0; i < 2; i++) {
            assertThat(login(ben).value("STRIPE")).isEqualTo("sk");
            assertThat(login(ben).at(second.url()).value("STRIPE")).isEqualTo("sk");
            areKnown(bens, false);
            assertThat(require(false).containsKey("revoked")).isFalse();
        }
        areKnown(everything(ben), true);
    }

    @Test
    void whoIsInWithoutAFactorCannotAskForOne() {
        FactorPerson ada = member("ada@example.com", Role.OWNER);
        JsonObject asked = new JsonObject().put("requireSecondFactor", true);
        Api session = server.api(
                created(login(ada).post("/access-tokens", new JsonObject())).getString("token"));
        isRefused(login(ada).patch("/policy", asked), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(session.patch("/policy", asked), 403, "SECOND_FACTOR_REQUIRED");
        assertThat(login(ada)
                        .patch("/policy", new JsonObject().put("maxKeyDays", 0))
                        .status())
                .isEqualTo(200);
        ada.enrolTotp();
        assertThat(session.patch("/policy", asked).data().getBoolean("requireSecondFactor"))
                .isTrue();
        assertThat(login(ada).patch("/policy", asked).status()).isEqualTo(200);
        assertThat(session.value("STRIPE")).isEqualTo("sk");
    }

    /** Logins that come in while the policy is switched on: none is in afterwards, at either node. */
    @Test
    void nobodySlipsInBesideTheSwitch() {
        int rounds = Lane.count(200, 8);
        List<FactorPerson> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(member("slips" + i + "@example.com", Role.OWNER));
        }
        TreeMap<String, Integer> answers = new TreeMap<>();
        long late = 0;
        for (int round = 0; round < rounds; round++) {
            List<CompletableFuture<Api.Answer>> asked = new ArrayList<>();
            for (int k = 0; k < PARALLEL / 2; k++) {
                asked.add(ask(all, k));
            }
            CompletableFuture<Api.Answer> set = owner.sendLater(
                    "PATCH",
                    "/policy",
                    new JsonObject().put("requireSecondFactor", true).encode());
            for (int k = PARALLEL / 2; k < PARALLEL; k++) {
                asked.add(ask(all, k));
            }
            assertThat(set.join().status()).isEqualTo(200);
            List<CompletableFuture<Api.Answer>> after = new ArrayList<>();
            for (int k = 0; k < PARALLEL; k++) {
                after.add(ask(all, k));
            }
            for (CompletableFuture<Api.Answer> answer : asked) {
                answers.merge(shown(answer.join()), 1, Integer::sum);
            }
            for (CompletableFuture<Api.Answer> answer : after) {
                answers.merge("then " + shown(answer.join()), 1, Integer::sum);
                late += answer.join().status() == 200 ? 1 : 0;
            }
            clear();
        }
        Figures.print(new Figures.Line(
                "T34",
                "logins beside the switch to a second factor, 2 nodes",
                rounds,
                2L * rounds * PARALLEL,
                late,
                "answers=" + answers));
        assertThat(late).isZero();
        assertThat(answers).containsKey("200");
    }

    private CompletableFuture<Api.Answer> ask(List<FactorPerson> all, int k) {
        Api api = login(all.get(k % all.size()));
        return (k / all.size() % 2 == 0 ? api : api.at(second.url()))
                .sendLater("GET", k % 3 == 0 ? "/secrets" : VALUE, null);
    }

    private static String shown(Api.Answer answer) {
        return answer.status() == 200 ? "200" : answer.code();
    }

    /** As many as three statements hold. */
    @Test
    void itEndsAsManyAsThereAre() {
        FactorPerson dan = member("dan@example.com", Role.OWNER);
        FactorPerson fay = member("fay@example.com", Role.OWNER);
        List<String> tokens = new ArrayList<>();
        for (FactorPerson person : List.of(dan, fay)) {
            people.plantFactor(person.id());
            people.stepUp(person.token(), Duration.ZERO);
        }
        for (int i = 0; i < MANY; i++) {
            Api login = login(i % 2 == 0 ? dan : fay);
            JsonObject agent = named("bot " + i).put("scopes", new JsonArray().add("SECRETS_READ"));
            tokens.add(created(login.post("/agent-credentials", agent)).getString("credential"));
        }
        loseFactor(dan);
        loseFactor(fay);
        long began = System.nanoTime();
        assertThat(require(true).getInteger("revoked")).isEqualTo(MANY);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long living = tokens.stream()
                .filter(token -> server.api(token).get("/secrets").status() != 401)
                .count();
        Figures.print(new Figures.Line(
                "members", "agents of people without a factor", 1, MANY, living, "took " + millis + " ms"));
        assertThat(living).isZero();
    }
}
