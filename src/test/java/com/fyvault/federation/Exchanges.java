package com.fyvault.federation;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Makes rules as the owner, and exchanges tokens as nobody. */
record Exchanges(TestServer server) {
    static final String GITHUB = "//api/v1/auth/oidc/github";
    static final String RFC = "//api/v1/auth/oidc/exchange";
    static final String RULES = "/trust-rules";

    /** A rule that gives SECRETS_READ. */
    static JsonObject rule(String type, TestIssuer issuer, JsonObject conditions) {
        return new JsonObject()
                .put("name", type + " rule")
                .put("type", type)
                .put("issuer", issuer.url())
                .put("conditions", conditions)
                .put("scopes", new JsonArray().add("SECRETS_READ"));
    }

    /** A rule for the main branch of a repository. */
    static JsonObject github(TestIssuer issuer, String repository) {
        return rule(
                "github", issuer, new JsonObject().put("repository", repository).put("ref", "refs/heads/main"));
    }

    @CanIgnoreReturnValue
    JsonObject made(JsonObject rule) {
        return created(server.api().post(RULES, rule));
    }

    Api.Answer exchange(String token) {
        return exchange(token, server.orgId().toString());
    }

    Api.Answer exchange(String token, String orgId) {
        return server.api(null)
                .post(GITHUB, new JsonObject().put("idToken", token).put("orgId", orgId));
    }

    /** A client with the session that the token is worth. */
    Api session(String token) {
        Api.Answer answer = exchange(token);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return server.api(answer.data().getString("token"));
    }

    /** The newest record of an exchange. */
    JsonObject lastRecord() {
        return server.api()
                .get("/audit?action=identity.exchange&limit=1")
                .list()
                .getJsonObject(0);
    }
}
