package com.fyvault.crypto;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/// A public key of a token issuer and the one algorithm that it verifies with (RFC 7515, RFC 7518, RFC 8037).
///
/// The algorithm belongs to the key and is never taken from a token: what a token says only decides which key is
/// looked up. There is no symmetric algorithm and no `none`, so there is nothing to be confused with.
public final class JwsKey {
    private static final int LEAST_RSA_BITS = 2_048;
    private static final int MOST_RSA_BITS = 8_192;
    private static final int MOST_EXPONENT_BITS = 33;
    private static final int ED25519_BYTES = 32;
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /// An algorithm with its name in JSON and the length of its signatures, 0 where the key decides.
    public enum Algorithm {
        RS256("RS256", "SHA256withRSA", 0, ""),
        PS256("PS256", "RSASSA-PSS", 0, ""),
        ES256("ES256", "SHA256withECDSAinP1363Format", 64, "secp256r1"),
        ES384("ES384", "SHA384withECDSAinP1363Format", 96, "secp384r1"),
        EDDSA("EdDSA", "Ed25519", 64, "");

        private final String text;
        private final String signature;
        private final int length;
        private final String curve;

        Algorithm(String text, String signature, int length, String curve) {
            this.text = text;
            this.signature = signature;
            this.length = length;
            this.curve = curve;
        }

        /// The name in the header of a token, in this case only.
        public String text() {
            return text;
        }
    }

    private final Algorithm algorithm;
    private final PublicKey key;

    private JwsKey(Algorithm algorithm, PublicKey key) {
        this.algorithm = algorithm;
        this.key = key;
    }

    /// An RSA key of 2,048 to 8,192 bits; both numbers big-endian without a sign.
    ///
    /// @throws GeneralSecurityException when it is none
    public static JwsKey rsa(Algorithm algorithm, byte[] modulus, byte[] exponent) throws GeneralSecurityException {
        BigInteger n = new BigInteger(1, modulus);
        BigInteger e = new BigInteger(1, exponent);
        boolean sized = n.bitLength() >= LEAST_RSA_BITS && n.bitLength() <= MOST_RSA_BITS;
        boolean odd = e.testBit(0) && e.bitLength() > 1 && e.bitLength() <= MOST_EXPONENT_BITS;
        if (!sized || !odd || !n.testBit(0)) {
            throw new GeneralSecurityException("not an RSA key that is used here");
        }
        return new JwsKey(algorithm, KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e)));
    }

    /// A point on the algorithm's curve, each coordinate in its full length.
    ///
    /// @throws GeneralSecurityException when it is none
    public static JwsKey ec(Algorithm algorithm, byte[] x, byte[] y) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(algorithm.curve));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        int bytes = algorithm.length / 2;
        ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
        if (x.length != bytes || y.length != bytes || !isOn(curve, point)) {
            throw new GeneralSecurityException("not a point of the curve");
        }
        return new JwsKey(algorithm, KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve)));
    }

    /// An Ed25519 key of 32 bytes.
    ///
    /// @throws GeneralSecurityException when it is none
    public static JwsKey ed25519(byte[] x) throws GeneralSecurityException {
        if (x.length != ED25519_BYTES) {
            throw new GeneralSecurityException("not an Ed25519 key");
        }
        byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
        return new JwsKey(
                Algorithm.EDDSA, KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /// Whether the signature is this key's. Takes up to some milliseconds: not for an event loop.
    public boolean verify(byte[] signed, byte[] signature) {
        if (signature.length == 0 || (algorithm.length > 0 && signature.length != algorithm.length)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(algorithm.signature);
            if (algorithm == Algorithm.PS256) {
                verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK lacks " + algorithm.signature, missing);
        }
    }

    private static boolean isOn(ECParameterSpec curve, ECPoint point) {
        BigInteger p = ((java.security.spec.ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.multiply(x)
                .add(curve.getCurve().getA())
                .multiply(x)
                .add(curve.getCurve().getB())
                .mod(p);
        return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
    }
}
