package com.fyvault.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/// Known-answer tests of what the vault rests on, run before the server listens; and a warm-up of opening envelopes for
/// when it does.
///
/// The warm-up is for speed: AES-GCM is interpreted, some 30 times slower, until it is compiled. A start does not
/// wait for that: what compiles it takes the processors from everything else that a start does.
public final class SelfTest {
    private static final int WARM_UP_LIMIT = 20_000;
    /// The shortest value that takes the JDK's path for long ones, so that the warm-up compiles both.
    private static final int WARM_UP_LENGTH = 512;

    private SelfTest() {}

    /// What a passed self-test did.
    public record Report(int answers, Duration took) {}

    /// Checks.
    ///
    /// @throws IllegalStateException when this machine computes anything wrong
    public static Report run(SecureRandom random) {
        long start = System.nanoTime();
        checkGcm();
        checkHashes();
        checkEnvelope(random);
        return new Report(6, Duration.ofNanos(System.nanoTime() - start));
    }

    /// AES-256-GCM: test case 16 of the GCM specification that SP 800-38D refers to, and the same with a flipped tag.
    private static void checkGcm() {
        AesKey key = AesKey.copyOf(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
        byte[] box = hex("cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b");
        byte[] plain = new byte[box.length - AesGcm.OVERHEAD];
        AesGcm gcm = AesGcm.current();
        gcm.aad.clear();
        gcm.aad.addUnprefixed(hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
        gcm.open(key, Slice.of(box), plain, 0);
        require(
                "AES-256-GCM",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                plain);
        box[box.length - 1] ^= 1;
        try {
            gcm.open(key, Slice.of(box), plain, 0);
        } catch (SealBroken expected) {
            return;
        }
        throw new IllegalStateException("self-test failed: AES-256-GCM accepts a wrong tag");
    }

    /// SHA-256 (FIPS 180-4, "abc"), HMAC-SHA256 (RFC 4231 case 2), HKDF-SHA256 (RFC 5869 case 1).
    private static void checkHashes() {
        require("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256.hash("abc"));
        require(
                "HMAC-SHA256",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                MacKey.take(ascii("Jefe")).mac(ascii("what do ya want for nothing?")));
        require(
                "HKDF-SHA256",
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                SubKeys.hkdf(
                        hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                        hex("000102030405060708090a0b0c"),
                        hex("f0f1f2f3f4f5f6f7f8f9"),
                        42));
    }

    private static void checkEnvelope(SecureRandom random) {
        byte[] plain = ascii("self-test");
        OrgKey key = OrgKey.generate(new OrgKeyId(new UUID(0, 1), 1), random);
        byte[] envelope = new Envelope(random).seal(key, binding(), plain);
        if (!Arrays.equals(plain, Envelope.open(key, binding(), envelope))) {
            throw new IllegalStateException("self-test failed: an envelope does not open");
        }
    }

    /// Opens envelopes until the code should be compiled (20,000 opens) or the time is over, and returns how many.
    ///
    /// It takes a second or two, on a thread of its own once the server listens; until then an open costs more.
    public static int warmUp(SecureRandom random, Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        OrgKey key = OrgKey.generate(new OrgKeyId(new UUID(0, 1), 1), random);
        byte[] envelope = new Envelope(random).seal(key, binding(), new byte[WARM_UP_LENGTH]);
        ByteBuffer target = ByteBuffer.allocate(WARM_UP_LENGTH);
        int opens = 0;
        int opened = 0;
        while (opens < WARM_UP_LIMIT && System.nanoTime() - deadlineNanos < 0) {
            opened += Envelope.openInto(key, binding(), envelope, target.clear());
            opens++;
        }
        if (opened != opens * WARM_UP_LENGTH) {
            throw new IllegalStateException("self-test failed: an envelope opens to another length");
        }
        return opens;
    }

    private static Binding binding() {
        UUID id = new UUID(0, 1);
        return new Binding(Purpose.SECRET, id, id, id, id, 1);
    }

    private static void require(String what, String expected, byte[] actual) {
        if (!Arrays.equals(hex(expected), actual)) {
            throw new IllegalStateException("self-test failed: " + what);
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
