package com.fyvault.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

/// The P-256 key pair that signs the tokens of logins (ES256): the same on every node, as it comes from the root key.
///
/// The private number is 48 derived bytes modulo the order less one, plus one (FIPS 186-5, A.2.1): without a bias that
/// counts. Coordinates are given as JSON Web Keys have them (RFC 7518, 6.2); prints nothing.
public final class LoginKey {
    /// Bytes of seed that a key is made of.
    static final int SEED_LENGTH = 48;

    private static final int COORDINATE = 32;

    private final byte[] seed;
    private @Nullable Pair pair;

    private record Pair(byte[] d, byte[] x, byte[] y) {}

    private LoginKey(byte[] seed) {
        this.seed = seed;
    }

    /// Takes the seed over. The pair is computed when it is first asked for: the curve takes a while to load.
    static LoginKey take(byte[] seed) {
        return new LoginKey(seed);
    }

    /// The private number, base64url.
    public String exposeD() {
        return text(pair().d());
    }

    public String x() {
        return text(pair().x());
    }

    public String y() {
        return text(pair().y());
    }

    /// A name for the public key: the first half of its SHA-256, base64url.
    public String id() {
        byte[] point = Arrays.copyOf(pair().x(), 2 * COORDINATE);
        System.arraycopy(pair().y(), 0, point, COORDINATE, COORDINATE);
        return text(Arrays.copyOf(Sha256.hash(point), Sha256.LENGTH / 2));
    }

    @Override
    public String toString() {
        return "[key]";
    }

    private synchronized Pair pair() {
        @Nullable Pair known = pair;
        if (known == null) {
            X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
            BigInteger range = curve.getN().subtract(BigInteger.ONE);
            BigInteger number = new BigInteger(1, seed).mod(range).add(BigInteger.ONE);
            ECPoint point = new FixedPointCombMultiplier()
                    .multiply(curve.getG(), number)
                    .normalize();
            known = new Pair(
                    fixed(number),
                    point.getAffineXCoord().getEncoded(),
                    point.getAffineYCoord().getEncoded());
            pair = known;
        }
        return known;
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
