package com.fyvault.federation;

import com.fyvault.support.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of identity tokens on this machine: real keys, a discovery document, a key set, and a count of who asked. */
final class TestIssuer implements AutoCloseable {
    static final String RSA = "rsa-1";
    static final String EC = "ec-1";
    static final String ED = "ed-1";

    private final Vertx vertx;
    private final HttpServer server;
    private final KeyPair rsa;
    private final KeyPair ec;
    private final KeyPair ed;
    private final AtomicInteger discoveries = new AtomicInteger();
    private final AtomicInteger keySets = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger();

    private TestIssuer(Vertx vertx) throws GeneralSecurityException {
        this.vertx = vertx;
        this.rsa = pair("RSA", 2_048);
        KeyPairGenerator curves = KeyPairGenerator.getInstance("EC");
        curves.initialize(new ECGenParameterSpec("secp256r1"));
        this.ec = curves.generateKeyPair();
        this.ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        this.server = TestServer.await(
                vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    }

    static TestIssuer start(Vertx vertx) {
        try {
            return new TestIssuer(vertx);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** How often the keys were asked for. */
    int keySetFetches() {
        return keySets.get();
    }

    /** Requests for anything that an issuer does not have. */
    int strangeRequests() {
        return others.get();
    }

    int discoveries() {
        return discoveries.get();
    }

    KeyPair rsa() {
        return rsa;
    }

    KeyPair ec() {
        return ec;
    }

    /** The public keys. */
    JsonObject jwks() {
        RSAPublicKey r = (RSAPublicKey) rsa.getPublic();
        ECPublicKey e = (ECPublicKey) ec.getPublic();
        byte[] spki = ed.getPublic().getEncoded();
        return new JsonObject()
                .put(
                        "keys",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("kty", "RSA")
                                        .put("kid", RSA)
                                        .put("use", "sig")
                                        .put("n", text(unsigned(r.getModulus(), 256)))
                                        .put("e", text(unsigned(r.getPublicExponent(), 3))))
                                .add(new JsonObject()
                                        .put("kty", "EC")
                                        .put("crv", "P-256")
                                        .put("kid", EC)
                                        .put("x", text(unsigned(e.getW().getAffineX(), 32)))
                                        .put("y", text(unsigned(e.getW().getAffineY(), 32))))
                                .add(new JsonObject()
                                        .put("kty", "OKP")
                                        .put("crv", "Ed25519")
                                        .put("kid", ED)
                                        .put("x", text(Arrays.copyOfRange(spki, spki.length - 32, spki.length)))));
    }

    /** The claims that every token has, good for five minutes from now. */
    JsonObject claims(String subject) {
        long now = Instant.now().getEpochSecond();
        return new JsonObject()
                .put("iss", url())
                .put("sub", subject)
                .put("aud", "fyvault")
                .put("iat", now)
                .put("nbf", now)
                .put("exp", now + 300)
                .put("jti", "id-" + ids.incrementAndGet());
    }

    /** A token that GitHub's runner gives a job on the main branch. */
    JsonObject github(String repository) {
        return claims("repo:" + repository + ":ref:refs/heads/main")
                .put("repository", repository)
                .put("repository_owner", repository.substring(0, repository.indexOf('/')))
                .put("ref", "refs/heads/main")
                .put("runner_environment", "github-hosted");
    }

    /** Signed as this issuer signs, with the algorithm and key named. */
    String token(String algorithm, String keyId, JsonObject claims) {
        return signed(new JsonObject().put("typ", "JWT").put("alg", algorithm).put("kid", keyId), claims.encode());
    }

    /** RS256, as most do. */
    String token(JsonObject claims) {
        return token("RS256", RSA, claims);
    }

    /** Whatever the header and payload are, with a good signature by the key that the algorithm takes. */
    String signed(JsonObject header, String payload) {
        return signed(header.encode(), payload, header.getString("alg"));
    }

    String signed(String header, String payload, String algorithm) {
        String content = text(header) + "." + text(payload);
        return content + "." + text(signature(algorithm, content.getBytes(StandardCharsets.US_ASCII)));
    }

    private byte[] signature(String algorithm, byte[] content) {
        try {
            Signature signature = switch (algorithm) {
                case "PS256" -> Signature.getInstance("RSASSA-PSS");
                case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
                case "EdDSA" -> Signature.getInstance("Ed25519");
                default -> Signature.getInstance("SHA256withRSA");
            };
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(
                    switch (algorithm) {
                        case "ES256" -> ec.getPrivate();
                        case "EdDSA" -> ed.getPrivate();
                        default -> rsa.getPrivate();
                    });
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static String text(String json) {
        return text(json.getBytes(StandardCharsets.UTF_8));
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        TestServer.await(server.close());
    }

    Vertx vertx() {
        return vertx;
    }

    private void serve(HttpServerRequest request) {
        JsonObject document = switch (String.valueOf(request.path())) {
            case "/.well-known/openid-configuration" -> {
                discoveries.incrementAndGet();
                yield new JsonObject().put("issuer", url()).put("jwks_uri", url() + "/keys");
            }
            case "/keys" -> {
                keySets.incrementAndGet();
                yield jwks();
            }
            default -> {
                others.incrementAndGet();
                yield jwks();
            }
        };
        request.response()
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "public, max-age=3600")
                .end(document.toBuffer())
                .onFailure(gone -> others.incrementAndGet());
    }

    private static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static byte[] unsigned(BigInteger number, int bytes) {
        byte[] signed = number.toByteArray();
        byte[] unsigned = new byte[bytes];
        int length = Math.min(bytes, signed.length);
        System.arraycopy(signed, signed.length - length, unsigned, bytes - length, length);
        return unsigned;
    }
}
