package com.fyvault.leaks;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whoever signs reports as GitHub does, on this machine: two real keys, the document with their public halves, and who asked. */
final class TestGithub implements AutoCloseable {
    static final String KEY = "90a421169f0a406205f1563a953312f0be898d3c";
    static final String OTHER_KEY = "bcb53661c06b4728e59d897fb6165d5c9cda0fd9";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final KeyPair pair = pair("secp256r1");
    private final KeyPair otherPair = pair("secp256r1");
    private final AtomicInteger fetches = new AtomicInteger();

    TestGithub() {
        this.server = TestServer.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    request.response()
                            .putHeader("content-type", "application/json")
                            .end(document().toBuffer())
                            .onFailure(gone -> fetches.decrementAndGet());
                })
                .listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/meta/public_keys/secret_scanning";
    }

    int fetches() {
        return fetches.get();
    }

    KeyPair pair() {
        return pair;
    }

    /** One entry of a report. */
    static JsonObject entry(String token) {
        return new JsonObject()
                .put("token", token)
                .put("type", "fyvault_api_key")
                .put("url", "https://github.com/octocat/Hello-World/blob/main/config.yml")
                .put("source", "content");
    }

    /** Sends a report as GitHub does. */
    Api.Answer report(TestServer to, JsonArray entries) {
        String body = entries.encode();
        return send(to, body, KEY, sign(pair, body));
    }

    /** Sends whatever under whatever; null leaves the header out. */
    static Api.Answer send(TestServer to, String body, @Nullable String key, @Nullable String signature) {
        String[] headers = {
            key == null ? "x-none" : "Github-Public-Key-Identifier", key == null ? "1" : key,
            signature == null ? "x-nothing" : "Github-Public-Key-Signature", signature == null ? "1" : signature
        };
        return to.api(null).send("POST", "//api/v1/leaks/github", body, headers);
    }

    static String sign(KeyPair pair, String body) {
        return sign(pair, body, "SHA256withECDSA");
    }

    static String sign(KeyPair pair, String body, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(pair.getPrivate());
            signature.update(body.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private JsonObject document() {
        return new JsonObject()
                .put("public_keys", new JsonArray().add(key(KEY, pair, true)).add(key(OTHER_KEY, otherPair, false)));
    }

    private static JsonObject key(String name, KeyPair pair, boolean current) {
        return new JsonObject()
                .put("key_identifier", name)
                .put("key", pem(pair))
                .put("is_current", current);
    }

    @Override
    public void close() {
        TestServer.await(vertx.close());
    }
}
