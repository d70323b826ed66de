package com.fyvault.providers;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /orgs/{org}/providers}: what works, and how soon. What is refused stands in {@link ProviderRefusalsIT}. */
class ProvidersIT extends ServerTest {
    private static final String PROVIDERS = "/providers";
    private static final String VALUE = "/secrets/by-name/MAIL_KEY/value";

    @BeforeAll
    void prepare() {
        server.createSecret("MAIL_KEY", "re_1");
    }

    @CanIgnoreReturnValue
    private static JsonObject make(Api by, JsonObject body) {
        return created(by.post(PROVIDERS, body));
    }

    private static String path(JsonObject made) {
        return PROVIDERS + "/" + made.getJsonObject("provider").getString("providerId");
    }

    private Api holder(JsonObject made) {
        return owner.as(made.getString("token"));
    }

    private JsonObject patched(JsonObject made, JsonObject settings) {
        Api.Answer answer = owner.patch(path(made), settings);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data();
    }

    @Test
    void everythingAskedForStandsInTheAnswer() {
        JsonObject made = make(
                owner,
                named("Mail")
                        .put("description", "sends mail")
                        .put("providerType", "email")
                        .put("allowedEnvironments", texts("production"))
                        .put("allowedSecretPrefix", "MAIL_")
                        .put("rateLimitRpm", 600)
                        .put("ipAllowlist", texts("127.0.0.0/8")));
        assertThat(made.fieldNames()).containsExactlyInAnyOrder("provider", "token", "webhookSecret");
        assertThat(made.getString("token")).startsWith("fvprov_");
        assertThat(made.getString("webhookSecret")).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(made.getString("webhookSecret").substring(6)))
                .hasSize(32);
        JsonObject provider = made.getJsonObject("provider");
        assertThat(provider.getString("name")).isEqualTo("Mail");
        assertThat(provider.getString("description")).isEqualTo("sends mail");
        assertThat(provider.getString("providerType")).isEqualTo("email");
        assertThat(provider.getJsonArray("allowedEnvironments"))
                .containsExactly(server.environmentId("production").toString());
        assertThat(provider.getString("allowedSecretPrefix")).isEqualTo("MAIL_");
        assertThat(provider.getJsonArray("allowedSecrets")).containsExactly("mail_*");
        assertThat(provider.getValue("rateLimitRpm")).isEqualTo(600);
        assertThat(provider.getBoolean("isActive")).isTrue();
        assertThat(owner.get(path(made)).data()).isEqualTo(unleaked(provider));
        assertThat(owner.get(PROVIDERS).list()).contains(unleaked(provider));
        assertThat(owner.get(PROVIDERS).text())
                .doesNotContain(made.getString("token"))
                .doesNotContain(made.getString("webhookSecret"));
    }

    @Test
    void whatItHasNotIsLeftOutAndNullIsAbsent() {
        JsonObject provider = make(owner, named("plain").putNull("description").putNull("rateLimitRpm"))
                .getJsonObject("provider");
        assertThat(provider.fieldNames())
                .containsExactlyInAnyOrder(
                        "providerId",
                        "id",
                        "name",
                        "providerType",
                        "allowedEnvironments",
                        "allowedSecrets",
                        "ipAllowlist",
                        "lastFour",
                        "isActive",
                        "createdAt",
                        "expiresAt");
        assertThat(provider.getString("providerType")).isEqualTo("custom");
        assertThat(provider.getJsonArray("allowedEnvironments")).isEmpty();
    }

    @Test
    void settingsChangeAndWhatIsLeftOutStays() {
        JsonObject made = make(owner, named("edited").put("allowedSecretPrefix", "A_"));
        JsonObject after = patched(
                made,
                new JsonObject()
                        .put("description", "new")
                        .put("allowedEnvironments", texts("staging"))
                        .put("rateLimitRpm", 30));
        assertThat(after.getString("description")).isEqualTo("new");
        assertThat(after.getString("allowedSecretPrefix")).isEqualTo("A_");
        assertThat(after.getValue("rateLimitRpm")).isEqualTo(30);
        assertThat(after.getJsonArray("allowedEnvironments"))
                .containsExactly(server.environmentId("staging").toString());
        after = patched(
                made,
                new JsonObject()
                        .put("description", "")
                        .put("allowedSecretPrefix", "")
                        .put("allowedEnvironments", texts())
                        .put("limits", new JsonObject()));
        assertThat(after.fieldNames()).doesNotContain("description", "allowedSecretPrefix", "rateLimitRpm");
        assertThat(after.getJsonArray("allowedEnvironments")).isEmpty();
        assertThat(after.getJsonArray("allowedSecrets")).isEmpty();
        assertThat(patched(made, new JsonObject())).isEqualTo(after);
        assertThat(owner.get(path(made)).data()).isEqualTo(unleaked(after));
    }

    @Test
    void anEditAndARevocationActAtOnceOnEveryNode() {
        JsonObject made = make(owner, named("far").put("ipAllowlist", texts("127.0.0.0/8")));
        try (TestServer second = server.secondNode()) {
            List<Api> nodes = List.of(holder(made), second.api(made.getString("token")));
            assertThat(nodes)
                    .allSatisfy(api -> assertThat(api.get(VALUE).code()).isEqualTo("KIND_NOT_ALLOWED"));
            var _ = patched(made, new JsonObject().put("ipAllowlist", texts("10.0.0.0/8")));
            assertThat(nodes)
                    .allSatisfy(api -> assertThat(api.get(VALUE).code()).isEqualTo("ADDRESS_NOT_ALLOWED"));
            var _ = patched(made, new JsonObject().put("ipAllowlist", texts()).put("rateLimitRpm", 1));
            assertThat(nodes.get(0).get(VALUE).status()).isEqualTo(403);
            assertThat(nodes.get(0).get(VALUE).status()).isEqualTo(429);
            Api.Answer revoked = owner.delete(path(made));
            assertThat(revoked.data().getBoolean("isActive")).isFalse();
            assertThat(nodes)
                    .allSatisfy(api -> assertThat(api.get(VALUE).code()).isIn("TOKEN_REVOKED", "RATE_LIMITED"));
            assertThat(nodes.get(1).get("/providers").status()).isEqualTo(401);
        }
        assertThat(owner.delete(path(made)).status()).isEqualTo(200);
        assertThat(owner.patch(path(made), new JsonObject()).code()).isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(owner.get(path(made)).data().getString("revokedAt")).isNotEmpty();
        assertThat(owner.get(PROVIDERS).text())
                .doesNotContain(made.getJsonObject("provider").getString("providerId"));
    }

    @Test
    void itEndsWithItsMakerAndExpiresNoLater() {
        JsonObject key = server.key(new JsonObject().put("label", "maker").put("expiresInDays", 1));
        JsonObject made = make(owner.as(key.getString("key")), named("child"));
        assertThat(made.getJsonObject("provider").getString("expiresAt")).isEqualTo(key.getString("expiresAt"));
        assertThat(holder(made).get(VALUE).status()).isEqualTo(403);
        assertThat(owner.delete("/api-keys/" + key.getString("id")).status()).isEqualTo(200);
        assertThat(holder(made).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
    }

    @Test
    void aRepeatedRequestShowsNothingASecondTime() {
        Api.Answer first = owner.post(PROVIDERS, named("once"), "Idempotency-Key", "provider-once");
        Api.Answer second = owner.post(PROVIDERS, named("once"), "Idempotency-Key", "provider-once");
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.data().fieldNames()).containsExactly("provider");
        assertThat(second.data().getJsonObject("provider"))
                .isEqualTo(first.data().getJsonObject("provider"));
    }

    @Test
    void everyChangeIsRecorded() {
        JsonObject made = make(owner, named("recorded"));
        var _ = patched(made, new JsonObject().put("description", "x"));
        assertThat(owner.delete(path(made)).status()).isEqualTo(200);
        String id = made.getJsonObject("provider").getString("providerId");
        for (String action : List.of("provider.create", "provider.update", "provider.revoke")) {
            assertThat(owner.get("/audit?action=" + action).text()).contains(id);
        }
    }

    @Test
    void itsOwnCallsAreNeverTakenForSettings() {
        JsonObject made = make(owner, named("itself").put("allowedSecretPrefix", "MAIL_"));
        JsonObject before = owner.get(path(made)).data();
        Api provider = holder(made);
        JsonObject settings = new JsonObject().put("allowedSecretPrefix", "");
        JsonObject rotation = new JsonObject().put("secret_name", "MAIL_KEY").put("value", "re_2");
        assertThat(provider.patch(path(made), settings).code()).isEqualTo("INVALID_FIELD");
        assertThat(provider.patch(path(made), rotation.copy().mergeIn(settings)).code())
                .isEqualTo("INVALID_FIELD");
        assertThat(provider.patch(path(made), new JsonObject()).code()).isEqualTo("INVALID_FIELD");
        assertThat(provider.patch(path(made), rotation).code()).isEqualTo("SECRET_NOT_FOUND");
        assertThat(provider.delete(path(made) + "?secret_name=MAIL_KEY").code()).isEqualTo("SECRET_NOT_FOUND");
        assertThat(provider.delete(path(made)).data().getInteger("revoked")).isZero();
        JsonObject after = owner.get(path(made)).data();
        assertThat(after.getBoolean("isActive")).isTrue();
        assertThat(after.getString("allowedSecretPrefix")).isEqualTo(before.getString("allowedSecretPrefix"));
        assertThat(owner.value("MAIL_KEY")).isEqualTo("re_1");
    }

    /** As it is shown afterwards, with what is known of leaks. */
    private static JsonObject unleaked(JsonObject provider) {
        return provider.copy().put("leaked", false).putNull("leaked_at").putNull("leakedAt");
    }
}
