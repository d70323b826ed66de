package com.fyvault.crypto;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// A public key on P-256 that signs whole messages: ECDSA over SHA-256, its signatures in DER.
public final class EcdsaKey {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";
    private static final int LONGEST = 1_024;
    private static final int LONGEST_SIGNATURE = 72;

    private final PublicKey key;

    private EcdsaKey(PublicKey key) {
        this.key = key;
    }

    /// The key of a PEM text (RFC 7468).
    ///
    /// @throws GeneralSecurityException when it is none, or one on another curve
    public static EcdsaKey parse(String pem) throws GeneralSecurityException {
        String text = pem.strip();
        if (text.length() > LONGEST || !text.startsWith(BEGIN) || !text.endsWith(END)) {
            throw new GeneralSecurityException("not a public key in PEM");
        }
        PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(bytes(text)));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        if (!(key instanceof ECPublicKey ec)
                || !ec.getParams().getCurve().equals(curve.getCurve())
                || !ec.getParams().getGenerator().equals(curve.getGenerator())) {
            throw new GeneralSecurityException("not a key on P-256");
        }
        return new EcdsaKey(key);
    }

    /// Whether the signature is this key's, over exactly these bytes. Takes up to some milliseconds: not for an event
    /// loop.
    public boolean verify(byte[] signed, byte[] signature) {
        if (signature.length == 0 || signature.length > LONGEST_SIGNATURE) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK lacks SHA256withECDSA", missing);
        }
    }

    private static byte[] bytes(String text) throws GeneralSecurityException {
        String body = text.substring(BEGIN.length(), text.length() - END.length());
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException malformed) {
            throw new GeneralSecurityException("not base64", malformed);
        }
    }
}
