package com.fyvault.credentials;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.App;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.LogCapture;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys that people make in an organization: who may, when, and for how long they hold. */
class PersonalKeysIT extends ServerTest {
    private static final String KEYS = "/api-keys";
    private static final String VALUE = "/secrets/by-name/HELD/value";
    private static final Duration JUST_NOW = Duration.ofSeconds(1);
    private static final Duration TOO_LONG_AGO = Duration.ofSeconds(301);

    private final AtomicInteger count = new AtomicInteger();
    private TestPeople people;
    private String hash;
    private App.Operator operator;

    /** Somebody who is logged in. */
    private record Someone(String email, String token, Api api) {}

    @BeforeAll
    void prepare() {
        people = new TestPeople(server);
        hash = TestPeople.hash();
        operator = server.operator();
        server.createSecret("HELD", "value");
    }

    private Someone member(Role role) {
        String email = "p" + count.incrementAndGet() + "@keys.example";
        UUID id = people.plant(email, hash);
        people.join(id, server.orgId(), role);
        String token = people.login(email);
        // Only now: a login would ask for its code.
        people.plantFactor(id);
        return new Someone(email, token, server.api(token));
    }

    private Someone steppedUp(Role role) {
        Someone someone = member(role);
        people.stepUp(someone.token(), JUST_NOW);
        return someone;
    }

    private static JsonObject reader() {
        return TestKeys.scopes("SECRETS_READ").put("label", "personal");
    }

    private void become(Someone someone, Role role) {
        var _ = TestServer.await(operator.standings().setRole(server.orgId(), someone.email(), role));
    }

    @Test
    void aSecondFactorIsConfirmedInTheLastFiveMinutes() {
        Someone ada = member(Role.DEVELOPER);
        isRefused(ada.api().post(KEYS, reader()), 403, "STEP_UP_REQUIRED");
        people.stepUp(ada.token(), TOO_LONG_AGO);
        isRefused(ada.api().post(KEYS, reader()), 403, "STEP_UP_REQUIRED");
        people.stepUp(ada.token(), Duration.ofMinutes(4));
        assertThat(ada.api().post(KEYS, reader()).status()).isEqualTo(201);
        // By the database's clock, not by the node's: a time ahead of it is no confirmation.
        people.stepUp(ada.token(), Duration.ofMinutes(-1));
        isRefused(ada.api().post(KEYS, reader()), 403, "STEP_UP_REQUIRED");
    }

    @Test
    void whoHasNoSecondFactorIsToldSo() {
        String email = "none@keys.example";
        people.join(people.plant(email, hash), server.orgId(), Role.OWNER);
        isRefused(server.api(people.login(email)).post(KEYS, reader()), 403, "SECOND_FACTOR_REQUIRED");
    }

    @Test
    void wideningAndRollingNeedItTooAndTakingAwayDoesNot() {
        Someone ada = steppedUp(Role.DEVELOPER);
        JsonObject made = created(ada.api().post(KEYS, reader().put("expiresInDays", 10)));
        people.stepUp(ada.token(), TOO_LONG_AGO);
        String path = KEYS + "/" + made.getString("id");
        isRefused(ada.api().patch(path, new JsonObject().put("expiresInDays", 20)), 403, "STEP_UP_REQUIRED");
        isRefused(ada.api().patch(path, new JsonObject().put("neverExpires", true)), 403, "STEP_UP_REQUIRED");
        isRefused(ada.api().patch(path, TestKeys.scopes("SECRETS_READ", "SECRETS_WRITE")), 403, "STEP_UP_REQUIRED");
        isRefused(ada.api().post(path + "/roll", new JsonObject()), 403, "STEP_UP_REQUIRED");
        // What takes away needs none.
        for (JsonObject less : List.of(
                new JsonObject().put("label", "renamed"),
                new JsonObject().put("expiresInDays", 5),
                new JsonObject().put("environments", new JsonArray().add("production")),
                new JsonObject().put("cidrs", new JsonArray().add("127.0.0.0/8")))) {
            assertThat(ada.api().patch(path, less).status()).as(less.encode()).isEqualTo(200);
        }
        isRefused(ada.api().patch(path, new JsonObject().put("cidrs", new JsonArray())), 403, "STEP_UP_REQUIRED");

        people.stepUp(ada.token(), JUST_NOW);
        assertThat(ada.api()
                        .patch(path, new JsonObject().put("neverExpires", true))
                        .data()
                        .getString("expires_at"))
                .isNull();
        JsonObject rolled = ada.api().post(path + "/roll", new JsonObject()).data();
        assertThat(server.api(made.getString("token")).get(VALUE).status()).isEqualTo(401);
        assertThat(server.api(rolled.getString("token")).get(VALUE).status()).isEqualTo(200);
        people.stepUp(ada.token(), TOO_LONG_AGO);
        assertThat(ada.api().delete(path).status()).isEqualTo(200);
        assertThat(server.api(rolled.getString("token")).get(VALUE).status()).isEqualTo(401);
    }

    @Test
    void aSessionOfAPersonIsNoPerson() {
        Someone ada = steppedUp(Role.ADMIN);
        String session =
                ada.api().post("/access-tokens", new JsonObject()).data().getString("token");
        isRefused(server.api(session).post(KEYS, reader()), 403, "PERSON_REQUIRED");
    }

    @Test
    void onlyWhoIsADeveloperMakesKeys() {
        Map<Role, Integer> expected = new EnumMap<>(
                Map.of(Role.OWNER, 201, Role.ADMIN, 201, Role.DEVELOPER, 201, Role.MEMBER, 403, Role.VIEWER, 403));
        long wrong = 0;
        int asked = 0;
        for (Map.Entry<Role, Integer> one : expected.entrySet()) {
            Someone someone = steppedUp(one.getKey());
            JsonObject inBody = reader().put("organization", server.orgId().toString());
            List<Api.Answer> answers = List.of(
                    someone.api().post(KEYS, reader()),
                    someone.api().post(KEYS, reader().put("kind", "public").putNull("scopes")),
                    someone.api().post("//api/v1/users/me/api-keys", inBody));
            for (Api.Answer answer : answers) {
                asked++;
                wrong += answer.status() == one.getValue() ? 0 : 1;
            }
        }
        Figures.print(new Figures.Line("T33", "keys by role", expected.size(), asked, wrong, ""));
        assertThat(wrong).isZero();
    }

    @Test
    void noKeyIsGivenMoreThanItsMakersRole() {
        Someone ada = steppedUp(Role.DEVELOPER);
        isRefused(ada.api().post(KEYS, TestKeys.scopes("ORG_ADMIN").put("label", "x")), 403, "EXCEEDS_PARENT");
        JsonObject made = created(ada.api().post(KEYS, new JsonObject().put("label", "all of mine")));
        assertThat(made.getJsonArray("scopes"))
                .isEqualTo(new JsonArray(Role.DEVELOPER.scopes().names()));
        assertThat(server.api(made.getString("token"))
                        .post("/projects", new JsonObject().put("name", "x"))
                        .code())
                .isEqualTo("SCOPE_MISSING");
    }

    @Test
    void aLowerRoleActsOnTheVeryNextRequest() {
        Someone ada = steppedUp(Role.DEVELOPER);
        Api key = server.api(created(ada.api()
                        .post(
                                KEYS,
                                TestKeys.scopes("SECRETS_READ", "AUDIT_READ").put("label", "x")))
                .getString("token"));
        int rounds = 20;
        long wrong = 0;
        for (int i = 0; i < rounds; i++) {
            wrong += key.get("/audit?limit=1").status() == 200 ? 0 : 1;
            become(ada, Role.VIEWER);
            wrong += "SCOPE_MISSING".equals(key.get("/audit?limit=1").code()) ? 0 : 1;
            wrong += key.get(VALUE).status() == 200 ? 0 : 1;
            become(ada, Role.DEVELOPER);
        }
        Figures.print(new Figures.Line("T33", "role lowered under a personal key", rounds, 3L * rounds, wrong, ""));
        assertThat(wrong).isZero();
    }

    @Test
    void whoIsRemovedLeavesNoKeyBehind() {
        Someone ada = steppedUp(Role.DEVELOPER);
        List<Api> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            keys.add(server.api(created(ada.api().post(KEYS, reader())).getString("token")));
        }
        assertThat(keys).allMatch(key -> key.get(VALUE).status() == 200);
        become(ada, Role.NONE);
        long alive = keys.stream().filter(key -> key.get(VALUE).status() != 401).count();
        Figures.print(new Figures.Line("T14", "personal keys of somebody removed", 1, keys.size(), alive, ""));
        assertThat(alive).isZero();
        isRefused(ada.api().get(KEYS), 404, "ORG_NOT_FOUND");
    }

    @Test
    void theLogoutLeavesThem() {
        Someone ada = steppedUp(Role.DEVELOPER);
        Api key = server.api(created(ada.api().post(KEYS, reader())).getString("token"));
        assertThat(ada.api().post("//api/v1/auth/logout", new JsonObject()).status())
                .isEqualTo(200);
        assertThat(ada.api().get(KEYS).status()).isEqualTo(401);
        assertThat(key.get(VALUE).status()).isEqualTo(200);
    }

    @Test
    void administratorsTakeFromTheKeysOfOthersAndGiveNothing() {
        Someone ada = steppedUp(Role.DEVELOPER);
        Someone boss = steppedUp(Role.ADMIN);
        JsonObject made = created(ada.api().post(KEYS, reader().put("expiresInDays", 10)));
        String path = KEYS + "/" + made.getString("id");
        isRefused(boss.api().post(path + "/roll", new JsonObject()), 403, "NOT_KEY_OWNER");
        isRefused(boss.api().patch(path, new JsonObject().put("neverExpires", true)), 403, "NOT_KEY_OWNER");
        assertThat(boss.api()
                        .patch(path, new JsonObject().put("expiresInDays", 5))
                        .status())
                .isEqualTo(200);
        assertThat(boss.api().delete(path).status()).isEqualTo(200);
        assertThat(server.api(made.getString("token")).get(VALUE).status()).isEqualTo(401);
    }

    @Test
    void aKeyIsShownOnceAndInNoLog() {
        Someone ada = steppedUp(Role.DEVELOPER);
        List<String> tokens = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (LogCapture log = LogCapture.open()) {
            for (int i = 0; i < 10; i++) {
                Api.Answer made = ada.api().post(KEYS, reader(), "Idempotency-Key", "k" + i);
                String path = KEYS + "/" + made.data().getString("id");
                tokens.add(made.data().getString("token"));
                Api.Answer rolled = ada.api().post(path + "/roll", new JsonObject());
                tokens.add(rolled.data().getString("token"));
                lines.add(ada.api().get(path).text());
                lines.add(ada.api()
                        .patch(path, new JsonObject().put("label", "n"))
                        .text());
                lines.add(ada.api()
                        .post(KEYS, reader(), "Idempotency-Key", "k" + i)
                        .text());
                assertThat(rolled.data().getString("last_four"))
                        .isEqualTo(tokens.getLast().substring(tokens.getLast().length() - 4));
            }
            lines.add(ada.api().get(KEYS).text());
            lines.add(ada.api().get("//api/v1/users/me/api-keys").text());
            lines.add(owner.get("/audit").text());
            lines.addAll(log.lines());
        }
        long seen = tokens.stream()
                .filter(token -> lines.stream()
                        .anyMatch(
                                line -> line.contains(token.substring(token.indexOf('_', 3) + 1, token.length() - 5))))
                .count();
        Figures.print(new Figures.Line(
                "T06", "personal keys in answers, trail and logs", tokens.size(), lines.size(), seen, ""));
        assertThat(tokens).hasSize(20).doesNotHaveDuplicates();
        assertThat(seen).isZero();
    }
}
