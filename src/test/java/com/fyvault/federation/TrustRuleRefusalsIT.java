package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code /orgs/{org}/trust-rules} refuses: rules that accept strangers, give too much, or are somebody else's. */
class TrustRuleRefusalsIT extends ServerTest {
    private static final String RULES = Exchanges.RULES;
    private static final int MOST = 5;

    private TestIssuer issuer;
    private Exchanges exchanges;

    @Override
    protected Map<String, String> settings() {
        return Map.of("federation.rules", "" + MOST);
    }

    @BeforeAll
    void prepare() {
        issuer = TestIssuer.start(server.vertx());
        exchanges = new Exchanges(server);
    }

    @AfterAll
    void stop() {
        issuer.close();
    }

    private static JsonObject one(String name, Object value) {
        return new JsonObject().put(name, value);
    }

    private void refused(String code, UnaryOperator<JsonObject> change) {
        Api.Answer answer = owner.post(RULES, change.apply(Exchanges.github(issuer, "acme/app")));
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
    }

    @Test
    void aRuleThatStrangersCanMeetIsTooBroad() {
        for (JsonObject conditions : List.of(
                one("sub", "*"),
                one("sub", "repo:*"),
                one("sub", "repo:acme*"),
                one("sub", "*:ref:refs/heads/main"),
                one("repository", "*/app"),
                one("repository", "acme*"),
                one("ref", "refs/heads/main"),
                one("runner_environment", "github-hosted"),
                one("repository_owner", "acme*"),
                one("sub", new JsonArray().add("repo:acme/app:*").add("*")))) {
            refused("RULE_TOO_BROAD", rule -> rule.put("conditions", conditions));
        }
        refused("RULE_TOO_BROAD", rule -> rule.putNull("conditions"));
        JsonObject made = exchanges.made(Exchanges.github(issuer, "acme/narrow"));
        assertThat(owner.patch(RULES + "/" + made.getString("id"), one("conditions", one("ref", "*")))
                        .code())
                .isEqualTo("RULE_TOO_BROAD");
    }

    @Test
    void aSharedIssuerCannotBeCalledSomethingElse() {
        refused(
                "INVALID_FIELD",
                rule -> rule.put("type", "oidc")
                        .put("issuer", "https://token.actions.githubusercontent.com")
                        .put("conditions", one("sub", "repo:acme/app:ref:refs/heads/main")));
    }

    @Test
    void fieldsThatAreWrongAreNamed() {
        refused("INVALID_FIELD", rule -> rule.putNull("name"));
        refused("INVALID_SCOPE", rule -> rule.putNull("scopes"));
        refused("INVALID_FIELD", rule -> rule.put("type", "saml"));
        refused("INVALID_FIELD", rule -> rule.put("issuer", "http://issuer.example"));
        refused("INVALID_FIELD", rule -> rule.put("issuer", "https://user@issuer.example"));
        refused("INVALID_FIELD", rule -> rule.put("issuer", "https://issuer.example/?x=1"));
        refused("INVALID_FIELD", rule -> rule.put("conditions", one("exp", "1")));
        refused("INVALID_FIELD", rule -> rule.put("conditions", one("sub", "a*b")));
        refused("INVALID_FIELD", rule -> rule.put("singleUse", false));
        refused("INVALID_FIELD", rule -> rule.put("jwks", one("keys", new JsonArray())));
        refused("INVALID_FIELD", rule -> rule.put("jwksUrl", "file:///etc/passwd"));
        refused("TTL_OUT_OF_RANGE", rule -> rule.put("ttlSeconds", 59));
        refused("TTL_OUT_OF_RANGE", rule -> rule.put("ttlSeconds", 86_401));
        JsonObject withPrivate = issuer.jwks();
        withPrivate.getJsonArray("keys").getJsonObject(0).put("d", "AQAB");
        refused("INVALID_FIELD", rule -> rule.put("jwks", withPrivate));
    }

    @Test
    void aRuleGivesNoMoreThanTheKeyThatMakesOrEditsIt() {
        JsonObject weak = server.key(one("label", "weak")
                .put("scopes", new JsonArray().add("TOKENS_WRITE").add("SECRETS_READ"))
                .put("allowedSecrets", new JsonArray().add("API_KEY")));
        Api maker = owner.as(weak.getString("token"));
        assertThat(maker.post(
                                RULES,
                                Exchanges.github(issuer, "acme/w").put("scopes", new JsonArray().add("SECRETS_WRITE")))
                        .code())
                .isEqualTo("EXCEEDS_PARENT");
        assertThat(maker.post(RULES, Exchanges.github(issuer, "acme/w").put("allowedSecrets", new JsonArray().add("*")))
                        .code())
                .isEqualTo("EXCEEDS_PARENT");
        Api.Answer made = maker.post(RULES, Exchanges.github(issuer, "acme/w"));
        assertThat(made.data().getJsonArray("allowedSecrets")).containsExactly("api_key");
        String path = RULES + "/" + made.data().getString("id");
        assertThat(maker.patch(path, one("scopes", new JsonArray().add("ORG_ADMIN")))
                        .code())
                .isEqualTo("EXCEEDS_PARENT");
        // What the owner made is out of its sight, for it is confined.
        String owners = RULES + "/"
                + exchanges.made(Exchanges.github(issuer, "acme/owners")).getString("id");
        assertThat(maker.get(owners).code()).isEqualTo("TRUST_RULE_NOT_FOUND");
        assertThat(maker.delete(owners).code()).isEqualTo("TRUST_RULE_NOT_FOUND");
    }

    @Test
    void whoMayNotMakeKeysMakesNoRules() {
        String reader = server.key(one("label", "reader").put("scopes", new JsonArray().add("SECRETS_READ")))
                .getString("token");
        assertThat(owner.as(reader).get(RULES).code()).isEqualTo("SCOPE_MISSING");
        assertThat(owner.as(reader).post(RULES, new JsonObject()).code()).isEqualTo("SCOPE_MISSING");
        String session = owner.post("/access-tokens", new JsonObject()).data().getString("token");
        assertThat(owner.as(session)
                        .post(RULES, Exchanges.github(issuer, "acme/s"))
                        .code())
                .isEqualTo("PARENT_MUST_BE_API_KEY");
    }

    @Test
    void whatOnlyUsesAuthorityEditsNoRule() {
        String rule =
                RULES + "/" + exchanges.made(Exchanges.github(issuer, "acme/e")).getString("id");
        JsonObject agent = one("name", "agent").put("scopes", new JsonArray().add("TOKENS_WRITE"));
        JsonObject asAgent = owner.post("/agent-credentials", agent).data();
        JsonObject asBreakGlass =
                owner.post("/break-glass", one("reason", "a test")).data();
        for (String token : List.of(asAgent.getString("credential"), asBreakGlass.getString("token"))) {
            assertThat(owner.as(token).patch(rule, one("name", "theirs")).code())
                    .isEqualTo("KIND_NOT_ALLOWED");
        }
        assertThat(owner.get(rule).data().getString("name")).isNotEqualTo("theirs");
        assertThat(owner.delete(rule).status()).isEqualTo(200);
    }

    @Test
    void whoeverEndsBeforeTheRuleDoesNotSayWhomItAccepts() {
        String rule =
                RULES + "/" + exchanges.made(Exchanges.github(issuer, "acme/o")).getString("id");
        JsonObject theirs = one("conditions", one("sub", "repo:stranger/app:ref:refs/heads/main"));
        String session = owner.post("/access-tokens", new JsonObject()).data().getString("token");
        String key = server.key(one("label", "short").put("expiresInDays", 1)).getString("token");
        for (String token : List.of(session, key)) {
            assertThat(owner.as(token).patch(rule, theirs).code()).isEqualTo("EXCEEDS_PARENT");
            assertThat(owner.as(token).patch(rule, one("ttlSeconds", 61)).code())
                    .isEqualTo("EXCEEDS_PARENT");
            assertThat(owner.as(token).patch(rule, one("name", "renamed")).status())
                    .isEqualTo(200);
        }
        // Its own may be given to whom it likes: that ends with it.
        Api.Answer own = owner.as(key).post(RULES, Exchanges.github(issuer, "acme/own"));
        String path = RULES + "/" + own.data().getString("id");
        assertThat(owner.as(key).patch(path, theirs).status()).isEqualTo(200);
        assertThat(owner.patch(rule, theirs).status()).isEqualTo(200);
        assertThat(owner.delete(rule).status()).isEqualTo(200);
        assertThat(owner.delete(path).status()).isEqualTo(200);
    }

    @Test
    void anotherOrganizationSeesNoRule() {
        JsonObject made = exchanges.made(Exchanges.github(issuer, "acme/ours"));
        var other = server.anotherOrg();
        Api foreign = server.api(other.key().exposeText()).in(other.orgId().toString());
        assertThat(foreign.get(RULES).list()).isEmpty();
        assertThat(foreign.get(RULES + "/" + made.getString("id")).code()).isEqualTo("TRUST_RULE_NOT_FOUND");
        assertThat(exchanges
                        .exchange(
                                issuer.token(issuer.github("acme/ours")),
                                other.orgId().toString())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void anOrganizationHasOnlySoManyRules() {
        owner.get(RULES)
                .list()
                .forEach(rule -> assertThat(owner.delete(RULES + "/" + ((JsonObject) rule).getString("id"))
                                .status())
                        .isEqualTo(200));
        for (int i = 0; i < MOST; i++) {
            exchanges.made(Exchanges.github(issuer, "acme/many"));
        }
        refused("LIMIT_REACHED", rule -> rule);
        String first = owner.get(RULES).list().getJsonObject(0).getString("id");
        assertThat(owner.delete(RULES + "/" + first).status()).isEqualTo(200);
        exchanges.made(Exchanges.github(issuer, "acme/many"));
        assertThat(owner.delete(RULES + "/" + first).status()).isEqualTo(200);
        owner.get(RULES)
                .list()
                .forEach(rule -> assertThat(owner.delete(RULES + "/" + ((JsonObject) rule).getString("id"))
                                .status())
                        .isEqualTo(200));
    }
}
