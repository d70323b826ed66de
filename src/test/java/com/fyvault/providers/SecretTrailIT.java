package com.fyvault.providers;

import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@code GET /orgs/{org}/secrets/{secret}/trail}. */
class SecretTrailIT extends ServerTest {
    private static List<String> told(Api.Answer answer) {
        return answer.list().stream()
                .map(JsonObject.class::cast)
                .map(event -> event.getString("event") + " " + event.getString("action"))
                .toList();
    }

    @Test
    void aSecretsLifeIsTold() {
        TestProvider provider = TestProvider.register(owner, "trailed");
        String id = provider.push("TRAILED", "one").getString("secretId");
        assertThat(owner.value("TRAILED")).isEqualTo("one");
        var _ = provider.rotate(new JsonObject().put("secret_name", "TRAILED").put("value", "two"));
        assertThat(owner.get("/secrets/" + id).status()).isEqualTo(200);
        assertThat(provider.api()
                        .delete(provider.path() + "?secret_name=TRAILED")
                        .status())
                .isEqualTo(200);
        assertThat(owner.get("/secrets/by-name/TRAILED/value").status()).isEqualTo(410);
        assertThat(owner.delete("/secrets/" + id).status()).isEqualTo(200);
        Api.Answer trail = owner.get("/secrets/" + id + "/trail");
        assertThat(told(trail))
                .containsExactly(
                        "revoked secret.delete",
                        "accessed secret.read",
                        "revoked provider.withdraw",
                        "rotated provider.rotate",
                        "accessed secret.read",
                        "issued provider.push");
        JsonObject issued = trail.list().getJsonObject(5);
        assertThat(issued.getString("token_id")).isEqualTo(provider.id());
        assertThat(issued.getJsonObject("actor").getString("kind")).isEqualTo("provider");
        assertThat(issued.getJsonObject("actor").getString("userId")).isNotEmpty();
        assertThat(issued.getString("environment")).isEqualTo("production");
        assertThat(issued.getString("address")).isEqualTo("127.0.0.1");
        assertThat(issued.getString("at")).isNotEmpty();
        assertThat(trail.list().getJsonObject(1).getString("outcome")).isEqualTo("refused");
        assertThat(owner.get("/audit?action=secret.trail").list()).isNotEmpty();
        List<String> paged = new ArrayList<>();
        String next = "";
        do {
            Api.Answer page = owner.get("/secrets/" + id + "/trail?limit=2" + next);
            paged.addAll(told(page));
            next = "&cursor=" + page.header("x-next-cursor");
        } while (!next.equals("&cursor="));
        assertThat(paged).isEqualTo(told(trail));
        assertThat(owner.get("/secrets/" + id + "/trail?environment=staging").list())
                .isEmpty();
    }

    @Test
    void whatIsRefused() {
        String id = server.createSecret("GUARDED_TRAIL", "x");
        String path = "/secrets/" + id + "/trail";
        Api reader = withKey(new JsonObject().put("scopes", texts("SECRETS_READ")));
        assertThat(reader.get(path).code()).isEqualTo("SCOPE_MISSING");
        Api other = withKey(new JsonObject().put("scopes", texts("AUDIT_READ")).put("allowedSecrets", texts("else*")));
        assertThat(other.get(path).code()).isEqualTo("SECRET_NOT_FOUND");
        Api named =
                withKey(new JsonObject().put("scopes", texts("AUDIT_READ")).put("allowedSecrets", texts("guarded*")));
        assertThat(told(named.get(path))).containsExactly("issued secret.create");
        assertThat(owner.get("/secrets/" + UUID.randomUUID() + "/trail").code()).isEqualTo("SECRET_NOT_FOUND");
        assertThat(owner.get("/secrets/x/trail").code()).isEqualTo("SECRET_NOT_FOUND");
        assertThat(owner.get(path + "?limit=0").code()).isEqualTo("INVALID_FIELD");
        assertThat(owner.get(path + "?cursor=x").code()).isEqualTo("INVALID_FIELD");
    }
}
