package com.fyvault.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An authenticator and the browser in front of it (WebAuthn level 2): a real key on P-256, real CBOR, real signatures.
 * Each ceremony is an object whose parts a test may change before it is sent.
 */
public final class TestAuthenticator {
    public static final int USER_PRESENT = 1;
    public static final int USER_VERIFIED = 4;
    public static final int BACKUP_ELIGIBLE = 8;
    public static final int BACKED_UP = 16;
    public static final int ATTESTED = 64;

    private static final int COORDINATE = 32;

    private final KeyPair key;
    private final byte[] credentialId;
    private final String origin;
    private final String rpId;
    private long count;

    /** A new authenticator, on a page of this origin. */
    public TestAuthenticator(SeededRandom random, String origin, String rpId) {
        this.key = keyPair();
        this.credentialId = random.bytes(32);
        this.origin = origin;
        this.rpId = rpId;
    }

    /** One answer to a challenge. */
    public final class Ceremony {
        public String type;
        public String challenge;
        public String origin = TestAuthenticator.this.origin;
        public String rpId = TestAuthenticator.this.rpId;
        public @Nullable Boolean crossOrigin = false;
        public int flags = USER_PRESENT | USER_VERIFIED;
        public long count = TestAuthenticator.this.count;
        public int algorithm = -7;
        public byte[] credentialId = TestAuthenticator.this.credentialId;
        public byte @Nullable [] userHandle;
        public KeyPair signer = key;
        public String format = "none";
        public String statement = "";

        private Ceremony(String type, String challenge) {
            this.type = type;
            this.challenge = challenge;
        }

        public byte[] clientData() {
            JsonObject client = new JsonObject()
                    .put("type", type)
                    .put("challenge", challenge)
                    .put("origin", origin)
                    .put("crossOrigin", crossOrigin);
            return client.encode().getBytes(StandardCharsets.UTF_8);
        }

        /** Hash of the relying party, flags, counter, and for a new key the key (WebAuthn, 6.1). */
        public byte[] authenticatorData() {
            byte[] attested = (flags & ATTESTED) == 0 ? new byte[0] : attested();
            return ByteBuffer.allocate(37 + attested.length)
                    .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
                    .put((byte) flags)
                    .putInt((int) count)
                    .put(attested)
                    .array();
        }

        /** With the authenticator data as it is, or as a test has made it. */
        public byte[] attestation(byte[] authenticatorData) {
            Cbor cbor = new Cbor().map(3).add("fmt").add(format).add("attStmt");
            Cbor stated = statement.isEmpty()
                    ? cbor.map(0)
                    : cbor.map(1).add(statement).add(1);
            return stated.add("authData").add(authenticatorData).toBytes();
        }

        public byte[] signature() {
            return sign(signer, concat(authenticatorData(), sha256(clientData())));
        }

        /** What the browser's {@code toJSON} gives. */
        public JsonObject toJson() {
            JsonObject response = new JsonObject().put("clientDataJSON", text(clientData()));
            if (type.equals("webauthn.create")) {
                response.put("attestationObject", text(attestation(authenticatorData())))
                        .put("transports", new JsonArray().add("internal").add("unheard-of"));
            } else {
                response.put("authenticatorData", text(authenticatorData()))
                        .put("signature", text(signature()))
                        .put("userHandle", userHandle == null ? null : text(userHandle));
            }
            return new JsonObject()
                    .put("id", text(credentialId))
                    .put("rawId", text(credentialId))
                    .put("type", "public-key")
                    .put("clientExtensionResults", new JsonObject())
                    .put("authenticatorAttachment", "platform")
                    .put("response", response);
        }

        private byte[] attested() {
            ECPublicKey publicKey = (ECPublicKey) key.getPublic();
            byte[] cose = new Cbor()
                    .map(5)
                    .add(1)
                    .add(2)
                    .add(3)
                    .add(algorithm)
                    .add(-1)
                    .add(1)
                    .add(-2)
                    .add(coordinate(publicKey.getW().getAffineX()))
                    .add(-3)
                    .add(coordinate(publicKey.getW().getAffineY()))
                    .toBytes();
            return ByteBuffer.allocate(18 + credentialId.length + cose.length)
                    .put(new byte[16])
                    .putShort((short) credentialId.length)
                    .put(credentialId)
                    .put(cose)
                    .array();
        }
    }

    /** Makes the key known. */
    public Ceremony registration(String challenge) {
        Ceremony ceremony = new Ceremony("webauthn.create", challenge);
        ceremony.flags |= ATTESTED;
        return ceremony;
    }

    /** Signs; the counter goes up. */
    public Ceremony assertion(String challenge, byte @Nullable [] userHandle) {
        count++;
        Ceremony ceremony = new Ceremony("webauthn.get", challenge);
        ceremony.userHandle = userHandle;
        return ceremony;
    }

    /** What this authenticator calls its key. */
    public byte[] credentialId() {
        return credentialId.clone();
    }

    public static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static byte[] sign(KeyPair signer, byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Big-endian in its full length. */
    private static byte[] coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[COORDINATE];
        int length = Math.min(bytes.length, COORDINATE);
        System.arraycopy(bytes, bytes.length - length, padded, COORDINATE - length, length);
        return padded;
    }
}
