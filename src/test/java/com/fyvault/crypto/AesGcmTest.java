package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AesGcmTest {
    private static final String KEY = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    private static final String ZERO_KEY = "0000000000000000000000000000000000000000000000000000000000000000";
    private static final String PLAIN = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    private static final String CIPHER = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";

    /// Test cases 13 to 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), which NIST SP 800-38D is made
    /// from: AES-256 with 96-bit nonces.
    @ParameterizedTest
    @MethodSource
    void agreesWithThePublishedVectors(GcmVector vector) {
        AesKey key = AesKey.copyOf(hex(vector.key()));
        byte[] plain = hex(vector.plain());
        byte[] box = hex(vector.nonce() + vector.cipher() + vector.tag());
        AesGcm gcm = AesGcm.current();
        gcm.aad.clear();
        gcm.aad.addUnprefixed(hex(vector.aad()));
        byte[] opened = new byte[plain.length];
        gcm.open(key, Slice.of(box), opened, 0);
        assertThat(opened).isEqualTo(plain);
        gcm.forget(new SeededRandom(0)); // two of the vectors share key and nonce, which the JDK refuses in a row
        byte[] sealed = new byte[box.length];
        gcm.seal(key, new FixedRandom(hex(vector.nonce())), Slice.of(plain), Slice.of(sealed));
        assertThat(sealed).isEqualTo(box);
    }

    record GcmVector(String key, String nonce, String aad, String plain, String cipher, String tag) {}

    private static Stream<GcmVector> agreesWithThePublishedVectors() {
        String zeroNonce = "000000000000000000000000";
        String nonce = "cafebabefacedbaddecaf888";
        return Stream.of(
                new GcmVector(ZERO_KEY, zeroNonce, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
                new GcmVector(
                        ZERO_KEY,
                        zeroNonce,
                        "",
                        "00000000000000000000000000000000",
                        "cea7403d4d606b6e074ec5d3baf39d18",
                        "d0d1c8a799996bf0265b98b5d48ab919"),
                new GcmVector(
                        KEY, nonce, "", PLAIN + "1aafd255", CIPHER + "898015ad", "b094dac5d93471bdec1a502270e3cc6c"),
                new GcmVector(
                        KEY,
                        nonce,
                        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                        PLAIN,
                        CIPHER,
                        "76fc6ece0f4e1768cddf8853bb2d551b"));
    }

    @Test
    void agreesWithAnotherImplementation() throws InvalidCipherTextException {
        SeededRandom random = new SeededRandom(5);
        AesGcm gcm = AesGcm.current();
        for (int i = 0; i < 500; i++) {
            byte[] key = random.bytes(32);
            byte[] aad = random.bytes(random.nextInt(200));
            byte[] plain = random.bytes(random.nextInt(5000));
            gcm.aad.clear();
            gcm.aad.addUnprefixed(aad);
            byte[] box = new byte[plain.length + AesGcm.OVERHEAD];
            gcm.seal(AesKey.copyOf(key), random, Slice.of(plain), Slice.of(box));
            GCMModeCipher other = GCMBlockCipher.newInstance(AESEngine.newInstance());
            other.init(false, new AEADParameters(new KeyParameter(key), 128, Arrays.copyOf(box, 12), aad));
            byte[] opened = new byte[plain.length];
            int done = other.processBytes(box, 12, box.length - 12, opened, 0);
            assertThat(done + other.doFinal(opened, done)).isEqualTo(plain.length);
            assertThat(opened).isEqualTo(plain);
        }
    }

    @Test
    void refusesToSealTwiceWithOneNonce() {
        AesGcm gcm = AesGcm.current();
        AesKey key = AesKey.copyOf(hex(KEY));
        SecureRandom stuck = new FixedRandom(new byte[12]);
        gcm.aad.clear();
        gcm.seal(key, stuck, Slice.of(new byte[1]), Slice.of(new byte[29]));
        assertThatThrownBy(() -> gcm.seal(key, stuck, Slice.of(new byte[1]), Slice.of(new byte[29])))
                .isInstanceOf(IllegalStateException.class);
    }

    /// Mistake 5 of hurried vaults: an `init` whose `updateAAD` was forgotten, or a cipher on the side.
    @Test
    void isTheOnlyUserOfCipherAndAuthenticatesAtEachInit() throws IOException {
        Path main = Path.of(System.getProperty("fyvault.basedir", "."), "src/main/java");
        int users = 0;
        try (Stream<Path> files = Files.walk(main)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                users += count(
                        "import javax\\.crypto\\.(Cipher|\\*);|javax\\.crypto\\.Cipher\\.", Files.readString(file));
            }
        }
        String source = Files.readString(main.resolve("com/fyvault/crypto/AesGcm.java"));
        assertThat(users).isEqualTo(1);
        assertThat(count("cipher\\.init\\(", source)).isEqualTo(1);
        assertThat(count("cipher\\.updateAAD\\(", source)).isEqualTo(1);
    }

    private static int count(String pattern, String source) {
        return (int) Pattern.compile(pattern).matcher(source).results().count();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /// Says the same bytes each time: the broken source that the vectors need.
    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient byte[] answer;

        private FixedRandom(byte[] answer) {
            this.answer = answer;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(answer, 0, bytes, 0, bytes.length);
        }
    }
}
