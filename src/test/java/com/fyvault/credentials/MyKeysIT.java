package com.fyvault.credentials;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static com.fyvault.support.Answers.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /users/me/api-keys} and {@code /vaults}: what a person has in all of their organizations. */
class MyKeysIT extends ServerTest {
    private static final String MINE = "//api/v1/users/me/api-keys";
    private static final String VAULTS = "//v1/vaults";

    private Bootstrap.Made other;
    private Bootstrap.Made foreign;
    private Api ada;

    @BeforeAll
    void prepare() {
        TestPeople people = new TestPeople(server);
        other = server.anotherOrg();
        foreign = server.anotherOrg();
        UUID id = people.plant("ada@mine.example", TestPeople.hash());
        people.join(id, server.orgId(), Role.DEVELOPER);
        people.join(id, other.orgId(), Role.DEVELOPER);
        String token = people.login("ada@mine.example");
        people.stepUp(token, Duration.ZERO);
        ada = server.api(token);
    }

    private JsonObject make(UUID org) {
        return created(ada.post(
                MINE, TestKeys.scopes("SECRETS_READ").put("label", "mine").put("organization", org.toString())));
    }

    private static String path(JsonObject key) {
        return MINE + "/" + key.getString("id");
    }

    private static List<String> ids(Api.Answer answer) {
        return answer.list().stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    @Test
    void keysOfAllOrganizationsAreInOneList() {
        JsonObject here = make(server.orgId());
        JsonObject there = make(other.orgId());
        assertThat(here.getString("org_id")).isEqualTo(server.orgId().toString());
        assertThat(there.getString("org_id")).isEqualTo(other.orgId().toString());
        assertThat(ids(ada.get(MINE))).contains(here.getString("id"), there.getString("id"));
        // Nobody else's, though the owners have keys in both.
        assertThat(ada.get(MINE).list())
                .allMatch(
                        item -> here.getString("owner_user_id").equals(((JsonObject) item).getString("owner_user_id")));
        assertThat(server.api(there.getString("token"))
                        .in(other.orgId().toString())
                        .get("/secrets")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aKeyIsShownEditedRolledAndRevokedByItsIdAlone() {
        JsonObject key = make(other.orgId());
        Api holder = server.api(key.getString("token")).in(other.orgId().toString());
        assertThat(ada.get(path(key)).data().getString("org_id"))
                .isEqualTo(other.orgId().toString());
        assertThat(ada.patch(path(key), new JsonObject().put("label", "renamed"))
                        .data()
                        .getString("name"))
                .isEqualTo("renamed");
        assertThat(holder.get("/secrets").status()).isEqualTo(200);
        JsonObject rolled = ada.post(path(key) + "/roll", new JsonObject()).data();
        assertThat(rolled.getString("token")).startsWith("fv_live_").isNotEqualTo(key.getString("token"));
        assertThat(holder.get("/secrets").status()).isEqualTo(401);
        assertThat(ada.delete(path(key)).status()).isEqualTo(200);
        assertThat(ids(ada.get(MINE))).doesNotContain(key.getString("id"));
    }

    @Test
    void whatIsNotMineIsAbsent() {
        String colleagues =
                server.key(new JsonObject().put("label", "of the owner")).getString("id");
        String foreigners = server.api(foreign.key().exposeText())
                .in(foreign.orgId().toString())
                .get("/api-keys")
                .list()
                .getJsonObject(0)
                .getString("id");
        for (String id : List.of(colleagues, foreigners, UUID.randomUUID().toString(), "x")) {
            for (Api.Answer answer : List.of(
                    ada.get(MINE + "/" + id),
                    ada.patch(MINE + "/" + id, new JsonObject().put("label", "x")),
                    ada.post(MINE + "/" + id + "/roll", new JsonObject()),
                    ada.delete(MINE + "/" + id))) {
                isRefused(answer, 404, "CREDENTIAL_NOT_FOUND");
                assertThat(answer.json().getString("error")).isEqualTo("Token not found");
            }
        }
        for (String org : List.of(foreign.orgId().toString(), UUID.randomUUID().toString(), "x")) {
            JsonObject body = TestKeys.scopes("SECRETS_READ").put("label", "x").put("organization", org);
            isRefused(ada.post(MINE, body), 404, "ORG_NOT_FOUND");
            isRefused(ada.get(VAULTS + "?organization=" + org), 404, "ORG_NOT_FOUND");
        }
    }

    @Test
    void theOrganizationIsNamedOnceAndRightly() {
        JsonObject body = TestKeys.scopes("SECRETS_READ").put("label", "x");
        isRefused(ada.post(MINE, body), 400, "INVALID_FIELD");
        isRefused(ada.post("/api-keys", body.put("organization", other.orgId().toString())), 400, "INVALID_FIELD");
        isRefused(ada.get(VAULTS), 400, "INVALID_FIELD");
    }

    @Test
    void onlyALoginHasKeysOfItsOwn() {
        JsonObject key = make(server.orgId());
        for (Api api : List.of(owner, server.api(key.getString("token")))) {
            isRefused(api.get(MINE), 403, "KIND_NOT_ALLOWED");
            isRefused(api.get(path(key)), 403, "KIND_NOT_ALLOWED");
            isRefused(api.delete(path(key)), 403, "KIND_NOT_ALLOWED");
        }
        isRefused(server.api(null).get(path(key)), 401, "TOKEN_MISSING");
        isRefused(server.api(null).get(MINE), 401, "TOKEN_MISSING");
    }

    @Test
    void vaultsShowTheEnvironmentsThatTheTokenMaySee() {
        Api.Answer mine = ada.get(VAULTS + "?organization=" + server.orgId());
        assertThat(names(mine)).contains("default");
        assertThat(mine.list().getJsonObject(0).getString("org"))
                .isEqualTo(server.orgId().toString());
        assertThat(environments(mine)).contains("production", "staging", "development");
        Api test = owner.as(server.key(new JsonObject().put("label", "t").put("kind", "test"))
                .getString("token"));
        assertThat(environments(test.get(VAULTS))).contains("staging").doesNotContain("production");
    }

    private static List<String> environments(Api.Answer vaults) {
        return vaults.list().getJsonObject(0).getJsonArray("environments").stream()
                .map(item -> ((JsonObject) item).getString("name"))
                .toList();
    }
}
