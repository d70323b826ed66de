package com.fyvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.Sha256;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Base64;

/** A provider that asks to be let in: its verifier, and where it wants the browser back. */
record Connecting(String name, String verifier, String redirectUri) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static Connecting of(String name) {
        byte[] drawn = new byte[32];
        RANDOM.nextBytes(drawn);
        return new Connecting(name, text(drawn), "https://provider.example/callback?from=vault");
    }

    Connecting backTo(String uri) {
        return new Connecting(name, verifier, uri);
    }

    Connecting with(String otherVerifier) {
        return new Connecting(name, otherVerifier, redirectUri);
    }

    String challenge() {
        return text(Sha256.hash(verifier));
    }

    /** What the page sends when the person agrees: the default project, and production. */
    JsonObject wish(TestServer server) {
        return Bodies.named(name)
                .put("projectId", server.projectId().toString())
                .put("environments", Bodies.texts("production"))
                .put("redirectUri", redirectUri)
                .put("state", "a state & more")
                .put("codeChallenge", challenge())
                .put("codeChallengeMethod", "S256");
    }

    /** The code that a person gives. */
    String approved(TestServer server, Api person) {
        Api.Answer answer = person.post("/providers/connect", wish(server));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.data().getString("code");
    }

    /** As the provider's backend sends it, with no token. */
    Api.Answer exchange(TestServer server, String code) {
        return server.api(null)
                .send("POST", "//api/v1/connect/token", body(code).encode());
    }

    JsonObject body(String code) {
        return new JsonObject().put("code", code).put("codeVerifier", verifier).put("redirectUri", redirectUri);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
