package com.fyvault.handles;

import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Handles: what is refused. */
class HandleRefusalsIT extends ServerTest {
    private static final String MINT = "/secrets/by-name/STRIPE/handle";

    private TestHandles handles;

    @BeforeAll
    void prepare() {
        handles = new TestHandles(server);
        server.createSecret("STRIPE", "sk");
    }

    private static JsonObject ttl(Object seconds) {
        return new JsonObject().put("ttlSeconds", seconds);
    }

    private Api confinedTo(String field, String to) {
        return withKey(new JsonObject().put(field, texts(to)));
    }

    @Test
    void aLifeOutsideItsBounds() {
        for (Object wrong : List.of(29, 3_601, "300", 0.5, true)) {
            Api.Answer answer = owner.post(MINT, ttl(wrong));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("TTL_OUT_OF_RANGE");
        }
        for (int right : List.of(30, 3_600)) {
            handles.mint(owner, "STRIPE", ttl(right));
        }
        handles.mint(owner, "STRIPE", new JsonObject().putNull("ttlSeconds"));
    }

    @Test
    void aResolveWithoutAHandle() {
        for (JsonObject wrong : List.of(
                new JsonObject(),
                new JsonObject().putNull("handle"),
                new JsonObject().put("handle", 7),
                new JsonObject().put("handle", "x".repeat(65)))) {
            assertThat(owner.post("/handles/resolve", wrong).code()).isEqualTo("INVALID_FIELD");
        }
    }

    @Test
    void revokedUnknownAndMalformedAreOne() {
        JsonObject live = handles.mint(owner, "STRIPE", new JsonObject());
        JsonObject revoked = handles.mint(owner, "STRIPE", new JsonObject());
        assertThat(owner.delete("/handles/" + revoked.getString("handle_id")).status())
                .isEqualTo(200);
        String text = live.getString("handle");
        String other = text.substring(0, 10) + (text.charAt(10) == 'a' ? 'b' : 'a') + text.substring(11);
        try (TestServer elsewhere = TestServer.start()) {
            elsewhere.createSecret("STRIPE", "x");
            JsonObject unknown = new TestHandles(elsewhere).mint(elsewhere.api(), "STRIPE", new JsonObject());
            for (String handle :
                    List.of(revoked.getString("handle"), unknown.getString("handle"), other, "fvh_x", "x")) {
                Api.Answer answer = owner.post("/handles/resolve", new JsonObject().put("handle", handle));
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.json().getString("error")).isEqualTo("Handle not found");
            }
        }
    }

    @Test
    void aRowThatSomebodyHasChanged() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        assertThat(server.database()
                        .execute("update handle set expires_at = now() + interval '1 year' where handle_id = '"
                                + minted.getString("handle_id") + "'"))
                .isEqualTo(1);
        Api.Answer answer = TestHandles.resolve(owner, minted);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("SEALED_VALUE_REFUSED");
    }

    @Test
    void aTokenThatCouldNotReadTheValueItself() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        Map<Api, String> refused = Map.of(
                confinedTo("scopes", "SECRETS_WRITE"), "SCOPE_MISSING",
                confinedTo("environments", "staging"), "ENVIRONMENT_NOT_ALLOWED",
                confinedTo("allowedSecrets", "OTHER"), "SECRET_NOT_FOUND",
                withKey(new JsonObject().put("kind", "test")), "ENVIRONMENT_NOT_ALLOWED",
                withKey(new JsonObject().put("kind", "public")), "KIND_NOT_ALLOWED");
        refused.forEach(
                (by, code) -> assertThat(TestHandles.resolve(by, minted).code()).isEqualTo(code));
        assertThat(TestHandles.resolve(owner.as(minted.getString("handle")), minted)
                        .code())
                .isEqualTo("TOKEN_INVALID");
    }

    @Test
    void mintsNothingThatCouldNotBeRead() {
        assertThat(owner.post("/secrets/by-name/NOWHERE/handle", new JsonObject())
                        .code())
                .isEqualTo("SECRET_NOT_FOUND");
        assertThat(owner.post(MINT + "?environment=staging", new JsonObject()).code())
                .isEqualTo("SECRET_NOT_FOUND");
        assertThat(owner.post(MINT, new JsonObject().put("environment", "nowhere"))
                        .code())
                .isEqualTo("ENVIRONMENT_NOT_FOUND");
        assertThat(confinedTo("allowedSecrets", "OTHER")
                        .post(MINT, new JsonObject())
                        .code())
                .isEqualTo("SECRET_NOT_ALLOWED");
        assertThat(confinedTo("environments", "staging")
                        .post(MINT, new JsonObject())
                        .code())
                .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
        assertThat(confinedTo("scopes", "SECRETS_WRITE")
                        .post(MINT, new JsonObject())
                        .code())
                .isEqualTo("SCOPE_MISSING");
        JsonObject opened =
                owner.post("/break-glass", new JsonObject().put("reason", "x")).data();
        assertThat(owner.as(opened.getString("token"))
                        .post(MINT, new JsonObject())
                        .code())
                .isEqualTo("KIND_NOT_ALLOWED");
    }

    @Test
    void theSecretGone() {
        String id = server.createSecret("GOES", "x");
        JsonObject minted = handles.mint(owner, "GOES", new JsonObject());
        assertThat(owner.delete("/secrets/" + id).status()).isEqualTo(200);
        assertThat(TestHandles.resolve(owner, minted).code()).isEqualTo("SECRET_NOT_FOUND");
    }

    @Test
    void aForeignOneAndAnAbsentOneAreTheSame() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        var other = server.anotherOrg();
        Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
        assertThat(TestHandles.resolve(stranger, minted).code()).isEqualTo("HANDLE_NOT_FOUND");
        for (String id :
                List.of(minted.getString("handle_id"), UUID.randomUUID().toString(), "x")) {
            assertThat(stranger.delete("/handles/" + id).code()).isEqualTo("HANDLE_NOT_FOUND");
        }
        assertThat(TestHandles.resolve(owner, minted).status()).isEqualTo(200);
    }

    @Test
    void onlyWhoMintedItOrAdministersTokensEndsIt() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        Api reader = confinedTo("scopes", "SECRETS_READ");
        assertThat(reader.delete("/handles/" + minted.getString("handle_id")).code())
                .isEqualTo("HANDLE_NOT_FOUND");
        JsonObject own = handles.mint(reader, "STRIPE", new JsonObject());
        assertThat(reader.delete("/handles/" + own.getString("handle_id")).status())
                .isEqualTo(200);
        JsonObject another = handles.mint(reader, "STRIPE", new JsonObject());
        assertThat(owner.delete("/handles/" + another.getString("handle_id")).status())
                .isEqualTo(200);
    }

    @Test
    void oneBeyondTheLimit() {
        try (TestServer small = TestServer.start(Map.of("credentials.handles", "2"))) {
            small.createSecret("STRIPE", "x");
            TestHandles minting = new TestHandles(small);
            minting.mint(small.api(), "STRIPE", new JsonObject());
            JsonObject second = minting.mint(small.api(), "STRIPE", new JsonObject());
            assertThat(small.api().post(MINT, new JsonObject()).code()).isEqualTo("LIMIT_REACHED");
            assertThat(small.api()
                            .delete("/handles/" + second.getString("handle_id"))
                            .status())
                    .isEqualTo(200);
            minting.mint(small.api(), "STRIPE", new JsonObject());
        }
    }
}
