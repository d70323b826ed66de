package com.fyvault.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// The P-256 key pair that signs the tokens of logins (ES256): the same on every node, as it comes from the root key.
///
/// The private number is 48 derived bytes modulo the order less one, plus one (FIPS 186-5, A.2.1): without a bias that
/// counts. Coordinates are given as JSON Web Keys have them (RFC 7518, 6.2); prints nothing.
public final class LoginKey {
    /// Bytes of seed that a key is made of.
    static final int SEED_LENGTH = 48;

    private static final int COORDINATE = 32;
    private static final X9ECParameters P256 = CustomNamedCurves.getByName("secp256r1");

    private final byte[] d;
    private final byte[] x;
    private final byte[] y;

    private LoginKey(byte[] d, byte[] x, byte[] y) {
        this.d = d;
        this.x = x;
        this.y = y;
    }

    /// Takes the seed over and zeroes it.
    static LoginKey take(byte[] seed) {
        BigInteger range = P256.getN().subtract(BigInteger.ONE);
        BigInteger number = new BigInteger(1, seed).mod(range).add(BigInteger.ONE);
        Arrays.fill(seed, (byte) 0);
        ECPoint point =
                new FixedPointCombMultiplier().multiply(P256.getG(), number).normalize();
        return new LoginKey(
                fixed(number),
                point.getAffineXCoord().getEncoded(),
                point.getAffineYCoord().getEncoded());
    }

    /// The private number, base64url.
    public String exposeD() {
        return text(d);
    }

    public String x() {
        return text(x);
    }

    public String y() {
        return text(y);
    }

    /// A name for the public key: the first half of its SHA-256, base64url.
    public String id() {
        byte[] point = Arrays.copyOf(x, 2 * COORDINATE);
        System.arraycopy(y, 0, point, COORDINATE, COORDINATE);
        return text(Arrays.copyOf(Sha256.hash(point), Sha256.LENGTH / 2));
    }

    @Override
    public String toString() {
        return "[key]";
    }

    private static byte[] fixed(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[COORDINATE];
        int length = Math.min(COORDINATE, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE - length, length);
        return fixed;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
