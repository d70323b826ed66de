package com.fyvault.federation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that look like one of an issuer and are none. Each is made from claims that the issuer's own signature would
 * have accepted, so it can only be refused for what is wrong with it.
 */
final class Forgeries {
    private final TestIssuer issuer;
    private final TestIssuer attacker;
    private final String algorithm;
    private final String keyId;
    private final JsonObject claims;
    private final Map<String, String> all = new LinkedHashMap<>();

    private Forgeries(TestIssuer issuer, TestIssuer attacker, String[] key, JsonObject claims) {
        this.issuer = issuer;
        this.attacker = attacker;
        this.algorithm = key[0];
        this.keyId = key[1];
        this.claims = claims;
    }

    /** By name; {@code key} is the algorithm and the name of the key that the issuer signs with. */
    static Map<String, String> of(TestIssuer issuer, TestIssuer attacker, String[] key, JsonObject claims) {
        Forgeries forgeries = new Forgeries(issuer, attacker, key, claims);
        forgeries.unsigned();
        forgeries.confused();
        forgeries.keysOfTheAttacker();
        forgeries.keyNames();
        forgeries.signatures();
        forgeries.wrappers();
        forgeries.headers();
        forgeries.wrongClaims();
        forgeries.encodings();
        return forgeries.all;
    }

    private JsonObject header() {
        return new JsonObject().put("typ", "JWT").put("alg", algorithm).put("kid", keyId);
    }

    private String content(JsonObject header) {
        return TestIssuer.text(header.encode()) + "." + TestIssuer.text(claims.encode());
    }

    private String good() {
        return issuer.signed(header(), claims.encode());
    }

    /** The issuer's own signature, over a payload that it should not have signed. */
    private void claim(String name, JsonObject payload) {
        all.put(name, issuer.signed(header(), payload.encode()));
    }

    private void unsigned() {
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            all.put("alg '" + none + "'", content(header().put("alg", none)) + ".");
        }
        String signature = good().substring(good().lastIndexOf('.'));
        all.put("alg none, with a signature", content(header().put("alg", "none")) + signature);
        JsonObject without = header();
        without.remove("alg");
        all.put("no alg", content(without) + signature);
        all.put("alg null", content(header().putNull("alg")) + signature);
        all.put("alg list", content(header().put("alg", new JsonArray().add(algorithm))) + signature);
    }

    private void confused() {
        byte[] der = issuer.rsa().getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        byte[] modulus = ((RSAPublicKey) issuer.rsa().getPublic()).getModulus().toByteArray();
        hmac("HS256 with the public key as PEM", "HS256", pem.getBytes(StandardCharsets.US_ASCII));
        hmac("HS256 with the public key as DER", "HS256", der);
        hmac("HS384 with the modulus", "HS384", modulus);
        hmac("HS512 with the key set", "HS512", issuer.jwks().encode().getBytes(StandardCharsets.UTF_8));
        hmac("HS256 with a zero key", "HS256", new byte[1]);
        String signature = good().substring(good().lastIndexOf('.'));
        String other = algorithm.equals("RS256") ? "PS256" : "RS256";
        all.put("another algorithm of the same key", content(header().put("alg", other)) + signature);
        all.put(
                "alg in lower case",
                content(header().put("alg", algorithm.toLowerCase(java.util.Locale.ROOT))) + signature);
        all.put("an algorithm that is not in the list", content(header().put("alg", "RS512")) + signature);
    }

    private void hmac(String name, String hmac, byte[] key) {
        try {
            String mac = "HmacSHA" + hmac.substring(2);
            Mac signer = Mac.getInstance(mac);
            signer.init(new SecretKeySpec(key, mac));
            String content = content(header().put("alg", hmac));
            byte[] signature = signer.doFinal(content.getBytes(StandardCharsets.US_ASCII));
            all.put(name, content + "." + TestIssuer.text(signature));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void keysOfTheAttacker() {
        String keys = attacker.url() + "/keys";
        JsonObject own = attacker.jwks().getJsonArray("keys").getJsonObject(0);
        attacked("embedded jwk", "jwk", own);
        attacked("jku", "jku", keys);
        attacked("jku that begins like the issuer", "jku", issuer.url() + "@" + keys.substring(7));
        attacked("x5u", "x5u", keys);
        attacked("x5c", "x5c", new JsonArray().add(Base64.getEncoder().encodeToString(new byte[64])));
        attacked("the attacker's key under the issuer's name", "kid", keyId);
        attacked("kid that is an address", "kid", keys);
        all.put(
                "the attacker as issuer",
                attacker.signed(
                        header(), claims.copy().put("iss", attacker.url()).encode()));
        all.put(
                "the issuer with a slash behind it",
                issuer.signed(
                        header(), claims.copy().put("iss", issuer.url() + "/").encode()));
        all.put(
                "an issuer with NUL",
                issuer.signed(
                        header(),
                        claims.copy().put("iss", issuer.url() + "\u0000").encode()));
        all.put(
                "a list of issuers",
                issuer.signed(
                        header(),
                        claims.copy()
                                .put("iss", new JsonArray().add(issuer.url()))
                                .encode()));
    }

    private void attacked(String name, String field, Object value) {
        all.put(name, attacker.signed(header().put(field, value), claims.encode()));
    }

    private void keyNames() {
        for (String name : List.of("../../../../dev/null", "' or 1=1 --", "a\u0000b", "", "/etc/passwd", keyId + " ")) {
            all.put(
                    "kid '" + name.replace("\u0000", "NUL") + "'",
                    attacker.signed(header().put("kid", name), claims.encode()));
        }
        all.put("kid that is a number", attacker.signed(header().put("kid", 1), claims.encode()));
        JsonObject without = header();
        without.remove("kid");
        all.put("no kid", attacker.signed(without, claims.encode()));
    }

    private void signatures() {
        String content = good().substring(0, good().lastIndexOf('.'));
        all.put("no signature", content + ".");
        JsonObject curve = header().put("alg", "ES256").put("kid", TestIssuer.EC);
        ECPublicKey key = (ECPublicKey) issuer.ec().getPublic();
        byte[] order = key.getParams().getOrder().toByteArray();
        byte[] r = Arrays.copyOfRange(order, order.length - 32, order.length);
        byte[] orders = Arrays.copyOf(r, 64);
        System.arraycopy(r, 0, orders, 32, 32);
        byte[] one = new byte[64];
        one[31] = 1;
        one[63] = 1;
        for (byte[] bytes : List.of(new byte[64], orders, one, new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}, new byte[1])) {
            all.put(
                    "ES256 with " + new BigInteger(1, bytes).toString(36),
                    content(curve) + "." + TestIssuer.text(bytes));
        }
        all.put(
                "RS256 of zeros",
                content(header().put("alg", "RS256").put("kid", TestIssuer.RSA)) + "."
                        + TestIssuer.text(new byte[256]));
        all.put(
                "Ed25519 of zeros",
                content(header().put("alg", "EdDSA").put("kid", TestIssuer.ED)) + "." + TestIssuer.text(new byte[64]));
        String other = issuer.signed(header(), claims.copy().put("jti", "other").encode());
        all.put("the signature of another token", content + other.substring(other.lastIndexOf('.')));
        byte[] cut = Base64.getUrlDecoder().decode(good().substring(good().lastIndexOf('.') + 1));
        cut[cut.length / 2] ^= 1;
        all.put("one bit of the signature flipped", content + "." + TestIssuer.text(cut));
    }

    private void wrappers() {
        String empty = TestIssuer.text("");
        String inner = content(new JsonObject().put("alg", "none")) + ".";
        JsonObject jwe =
                new JsonObject().put("alg", "RSA-OAEP").put("enc", "A128GCM").put("cty", "JWT");
        all.put(
                "an unsigned token inside a JWE",
                TestIssuer.text(jwe.encode()) + ".AA.AA." + TestIssuer.text(inner) + ".AA");
        JsonObject costly = new JsonObject().put("alg", "PBES2-HS512+A256KW").put("enc", "A128GCM");
        all.put(
                "a huge PBES2 count",
                TestIssuer.text(costly.put("p2c", 2_000_000_000)
                                .put("p2s", "AAAA")
                                .encode()) + ".AA.AA.AA.AA");
        all.put(
                "PBES2 in three parts",
                TestIssuer.text(costly.encode()) + "." + TestIssuer.text(claims.encode()) + ".AA");
        all.put("a token as the payload of another", issuer.signed(header().put("cty", "JWT"), good()));
        all.put("compressed", issuer.signed(header().put("zip", "DEF"), claims.encode()));
        all.put("four parts", good() + "." + empty);
        all.put("two parts", good().substring(0, good().lastIndexOf('.')));
        all.put(
                "the JSON form of a JWS",
                new JsonObject()
                        .put("protected", TestIssuer.text(header().encode()))
                        .put("payload", TestIssuer.text(claims.encode()))
                        .put("signature", "AA")
                        .encode());
    }

    private void headers() {
        for (String type : List.of("at+jwt", "secevent+jwt", "logout+jwt", "dpop+jwt", "application/at+jwt")) {
            all.put("typ " + type, issuer.signed(header().put("typ", type), claims.encode()));
        }
        JsonArray unknown = new JsonArray().add("x-unknown");
        all.put(
                "crit of an unknown extension",
                issuer.signed(header().put("crit", unknown).put("x-unknown", 1), claims.encode()));
        JsonObject unencoded = header().put("crit", new JsonArray().add("b64")).put("b64", false);
        all.put("crit b64", issuer.signed(unencoded, claims.encode()));
        String twice = "{\"alg\":\"none\",\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\"}";
        all.put("alg twice", issuer.signed(twice, claims.encode(), algorithm));
        all.put(
                "a header with something behind it",
                issuer.signed(header().encode() + "{}", claims.encode(), algorithm));
    }

    private void wrongClaims() {
        long now = Instant.now().getEpochSecond();
        claim("another audience", claims.copy().put("aud", "another"));
        claim("an audience that begins like ours", claims.copy().put("aud", "fyvault2"));
        claim(
                "a list of other audiences",
                claims.copy().put("aud", new JsonArray().add("a").add("FyVault")));
        claim("an audience that is an object", claims.copy().put("aud", new JsonObject().put("fyvault", "fyvault")));
        claim("no audience", without("aud"));
        claim("no exp", without("exp"));
        claim("exp that is a text", claims.copy().put("exp", Long.toString(now + 300)));
        claim("exp in the past", claims.copy().put("exp", now - 1));
        claim("exp in two days", claims.copy().put("exp", now + 172_800));
        claim("exp beyond all numbers", claims.copy().put("exp", Long.MAX_VALUE));
        claim("exp that is broken", claims.copy().put("exp", now + 300.5));
        claim("iat in the future", claims.copy().put("iat", now + 200));
        claim("iat a year ago", claims.copy().put("iat", now - 31_536_000));
        claim("nbf in the future", claims.copy().put("nbf", now + 200));
        claim(
                "another subject",
                claims.copy().put("sub", "repo:evil/app:ref:refs/heads/main").put("repository", "evil/app"));
        claim("no subject", without("sub"));
        claim("a subject that is a list", claims.copy().put("sub", new JsonArray().add(claims.getString("sub"))));
        String text = claims.encode();
        all.put("aud twice", issuer.signed(header(), "{\"aud\":\"another\"," + text.substring(1)));
        all.put("sub twice", issuer.signed(header(), text.substring(0, text.length() - 1) + ",\"sub\":\"x\"}"));
        all.put("a nested name twice", issuer.signed(header(), "{\"x\":{\"y\":1,\"y\":2}," + text.substring(1)));
        all.put("claims with something behind them", issuer.signed(header(), text + "{}"));
        all.put("claims that are a list", issuer.signed(header(), "[" + text + "]"));
        all.put(
                "claims nested too deep",
                issuer.signed(header(), "{\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "," + text.substring(1)));
    }

    private JsonObject without(String name) {
        JsonObject less = claims.copy();
        less.remove(name);
        return less;
    }

    private void encodings() {
        String good = good();
        all.put("padding", good + "=");
        all.put("a space", good + " ");
        all.put("a line break in the middle", good.replaceFirst("\\.", "\n."));
        all.put("beyond ASCII", good + "\u00e9");
        all.put("empty parts", "..");
        all.put(
                "longer than 16 KiB",
                issuer.signed(
                        header(), claims.copy().put("x", "y".repeat(17_000)).encode()));
        byte[] wide = claims.encode().getBytes(StandardCharsets.UTF_16);
        String content = TestIssuer.text(header().encode()) + "." + TestIssuer.text(wide);
        all.put("UTF-16", content + good.substring(good.lastIndexOf('.')));
    }
}
