package com.fyvault.advice;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an organization should look at: what is there, nothing else, and for nobody else. */
class AdviceIT extends ServerTest {
    private Api api;
    private UUID org;
    private UUID ownerId;

    @BeforeEach
    void anOrganization() {
        Bootstrap.Made made = server.anotherOrg();
        api = server.api(made.key().exposeText()).in(made.orgId().toString());
        org = made.orgId();
        ownerId = UUID.fromString(
                api.get("/members/me").data().getJsonObject("member").getString("userId"));
    }

    private static List<JsonObject> advice(Api who) {
        Api.Answer answer = who.get("/advice");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.list().stream().map(JsonObject.class::cast).toList();
    }

    private static List<String> names(List<JsonObject> advice) {
        return advice.stream()
                .map(one -> one.getString("kind") + " " + one.getString("name"))
                .toList();
    }

    private String key(String label, int days) {
        return server.key(org, new JsonObject().put("label", label).put("expiresInDays", days))
                .getString("id");
    }

    private String secret(String project, String name) {
        JsonObject body = new JsonObject().put("name", name).put("value", "value of " + name);
        return created(api.post("/projects/" + project + "/secrets", body)).getString("id");
    }

    private void age(String sql) {
        server.database().execute(sql + " and org_id = ?", org);
    }

    private void neverRotated(String name) {
        age(
                "update secret_value set updated_at = now() - interval '181 days' where secret_id = (select secret_id from secret"
                        + " where name = '" + name + "' and org_id = secret_value.org_id)");
    }

    private void unused(String label) {
        age("update credential set last_used_at = now() - interval '91 days' where label = '" + label + "'");
    }

    @Test
    void nothingToLookAtIsAnEmptyList() {
        var _ = secret("default", "FRESH");
        var _ = key("a year", 365);
        // Made for less than a week: it is meant to end.
        var _ = key("brief", 6);
        assertThat(advice(api)).isEmpty();
        assertThat(api.get("/advice").header("x-next-cursor")).isEmpty();
    }

    @Test
    void theMostUrgentComesFirst() {
        String secret = secret("default", "OLD");
        String fresh = secret("default", "ROTATED");
        assertThat(api.post("/secrets/" + fresh + "/rotate", new JsonObject().put("value", "another value"))
                        .status())
                .isEqualTo(200);
        neverRotated("OLD");
        neverRotated("ROTATED");
        String soon = key("soon", 10);
        var _ = key("at the edge", 15);
        String unused = key("unused", 365);
        unused("unused");
        String now = key("now", 10);
        age("update credential set expires_at = now() + interval '2 days', created_at = now() - interval '30 days'"
                + " where label = 'now'");
        String leak = leak("OLD");
        JsonObject hook = new JsonObject()
                .put("url", "https://localhost/a")
                .put("description", "paused")
                .put("enabled", false);
        String webhook = created(api.post("/webhooks", hook)).getString("id");
        age("update webhook set paused_at = now() where true");
        List<JsonObject> all = advice(api);
        assertThat(names(all))
                .containsExactly(
                        "secret_leaked OLD",
                        "key_expiring now",
                        "webhook_paused paused",
                        "key_expiring soon",
                        "secret_never_rotated OLD",
                        "key_unused unused");
        assertThat(all.stream().map(one -> one.getString("id")).toList())
                .containsExactly(secret, now, webhook, soon, secret, unused);
        areWhole(all, leak);
        isSeenPageByPage(all);
    }

    private static String id(List<JsonObject> all, int place) {
        return all.get(place).getString("id");
    }

    private void areWhole(List<JsonObject> all, String leak) {
        assertThat(all.stream().map(one -> one.getString("severity")).toList())
                .containsExactly("critical", "high", "high", "medium", "low", "low");
        String base = "/orgs/" + org;
        assertThat(all.stream().map(one -> one.getString("path")).toList())
                .containsExactly(
                        base + "/leaks/" + leak,
                        base + "/api-keys/" + id(all, 1),
                        base + "/webhooks/" + id(all, 2),
                        base + "/api-keys/" + id(all, 3),
                        base + "/projects/" + all.get(0).getString("projectId") + "/secrets/" + id(all, 4) + "/rotate",
                        base + "/api-keys/" + id(all, 5));
        assertThat(all.get(0).getJsonArray("environments")).containsExactly("production");
        assertThat(all.get(4).getJsonArray("environments")).containsExactly("production");
        assertThat(all.get(1).getString("last4")).hasSize(4);
        assertThat(Instant.parse(all.get(3).getString("until")))
                .isBetween(Instant.now().plus(Duration.ofDays(9)), Instant.now().plus(Duration.ofDays(11)));
        assertThat(all).allSatisfy(one -> assertThat(one.getString("whatToDo")).isNotBlank());
        assertThat(advice(server.api())).isEmpty();
    }

    private void isSeenPageByPage(List<JsonObject> all) {
        List<JsonObject> paged = new ArrayList<>();
        String cursor = "";
        do {
            Api.Answer page = api.get("/advice?limit=2" + cursor);
            page.list().forEach(one -> paged.add((JsonObject) one));
            cursor = page.header("x-next-cursor").isEmpty() ? "" : "&cursor=" + page.header("x-next-cursor");
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(all);
    }

    /** Notes that the value of a secret was found; the leak's id. */
    private String leak(String name) {
        UUID id = UUID.randomUUID();
        server.database()
                .execute(
                        "insert into leak (org_id, leak_id, secret_id, environment_id, version, reporter)"
                                + " select s.org_id, ?, s.secret_id, v.environment_id, v.current_version, 'github'"
                                + " from secret s join secret_value v using (org_id, secret_id) where s.org_id = ? and s.name = ?",
                        id,
                        org,
                        name);
        return id.toString();
    }

    @Test
    void aLeakStandsUntilTheValueIsAnother() {
        String id = secret("default", "LEAKED");
        var _ = leak("LEAKED");
        assertThat(names(advice(api))).containsExactly("secret_leaked LEAKED");
        // The same value once more, as a new version, is the leaked one still.
        JsonObject same = new JsonObject().put("value", "value of LEAKED");
        assertThat(api.post("/secrets/" + id + "/rotate", same).status()).isEqualTo(200);
        assertThat(names(advice(api))).containsExactly("secret_leaked LEAKED");
        JsonObject other = new JsonObject().put("value", "another value of it");
        assertThat(api.post("/secrets/" + id + "/rotate", other).status()).isEqualTo(200);
        assertThat(advice(api)).isEmpty();
    }

    @Test
    void tokensOfAgentsDevicesAndProvidersAreTokensToo() {
        JsonObject provider = new JsonObject().put("name", "stripe").put("providerType", "stripe");
        assertThat(api.post("/providers", provider).status()).isEqualTo(201);
        age(
                "update credential set expires_at = now() + interval '5 days', created_at = now() - interval '30 days' where kind = 'PROVIDER'");
        assertThat(names(advice(api))).containsExactly("provider_expiring stripe");
        // What it descends from has ended: nobody can use it, so nobody needs to renew it.
        age("update credential set parent_id = null, revoked_at = now() where kind = 'PROVIDER'");
        assertThat(advice(api)).isEmpty();
    }

    @Test
    void everybodySeesWhatTheySee() {
        var _ = created(api.post("/projects", new JsonObject().put("name", "billing")));
        var _ = secret("billing", "THEIRS");
        var _ = secret("default", "OTHERS");
        neverRotated("THEIRS");
        neverRotated("OTHERS");
        var _ = key("everybody's", 10);
        assertThat(names(advice(api)))
                .containsExactlyInAnyOrder(
                        "key_expiring everybody's", "secret_never_rotated THEIRS", "secret_never_rotated OTHERS");
        JsonObject confined = new JsonObject().put("label", "confined").put("projects", Bodies.texts("billing"));
        Api billing = api.as(server.key(org, confined).getString("token"));
        assertThat(names(advice(billing))).containsExactly("secret_never_rotated THEIRS");
        JsonObject named = new JsonObject().put("label", "named").put("allowedSecrets", Bodies.texts("OTH*"));
        assertThat(names(advice(api.as(server.key(org, named).getString("token")))))
                .containsExactly("secret_never_rotated OTHERS");
        JsonObject staging =
                new JsonObject().put("label", "staging").put("allowedEnvironments", Bodies.texts("staging"));
        assertThat(advice(api.as(server.key(org, staging).getString("token")))).isEmpty();
        JsonObject reader = new JsonObject().put("label", "reads").put("scopes", Bodies.texts("SECRETS_READ"));
        isRefused(api.as(server.key(org, reader).getString("token")).get("/advice"), 403, "SCOPE_MISSING");
        JsonObject auditor = new JsonObject().put("label", "audits").put("scopes", Bodies.texts("AUDIT_READ"));
        assertThat(names(advice(api.as(server.key(org, auditor).getString("token")))))
                .containsExactly("secret_never_rotated THEIRS", "secret_never_rotated OTHERS");
    }

    @Test
    void aDeveloperOfSomeProjectsSeesThose() {
        var _ = created(api.post("/projects", new JsonObject().put("name", "billing")));
        var _ = secret("billing", "THEIRS");
        var _ = secret("default", "OTHERS");
        neverRotated("THEIRS");
        neverRotated("OTHERS");
        var _ = key("the owner's", 10);
        JsonObject theirs =
                server.key(org, new JsonObject().put("label", "theirs").put("expiresInDays", 10));
        UUID developer = member("developer-" + org + "@example.com", Role.DEVELOPER);
        JsonObject transfer = new JsonObject()
                .put("to", developer.toString())
                .put("keys", new JsonArray().add(theirs.getString("id")));
        assertThat(api.post("/members/" + ownerId + "/transfer", transfer).status())
                .isEqualTo(200);
        JsonObject some = new JsonObject()
                .put("assignedOnly", true)
                .put("projects", new JsonObject().put("billing", "developer"));
        assertThat(api.patch("/members/" + developer, some).status()).isEqualTo(200);
        assertThat(names(advice(api.as(theirs.getString("token")))))
                .containsExactly("key_expiring theirs", "secret_never_rotated THEIRS");
    }

    private UUID member(String email, Role role) {
        TestPeople people = new TestPeople(server);
        UUID id = people.plant(email, TestPeople.hash());
        people.join(id, org, role);
        return id;
    }

    @Test
    void whatIsNoPageIsRefused() {
        isRefused(api.get("/advice?limit=0"), 400, "INVALID_FIELD");
        isRefused(api.get("/advice?limit=201"), 400, "INVALID_FIELD");
        assertThat(api.get("/advice?limit=200").status()).isEqualTo(200);
        isRefused(api.get("/advice?cursor=here"), 400, "INVALID_FIELD");
        isRefused(api.get("/advice?cursor=1.1.1.------------------------------------"), 400, "INVALID_FIELD");
    }
}
