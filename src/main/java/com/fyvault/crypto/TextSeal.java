package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/// AES-256-GCM over a text that waits in the database, under a key from the root: for what is of no organization, such
/// as a mail with a token in it. Bound to what it is for and to the row that it stands in.
///
/// Random nonces are good for 2^32 messages a key, which no installation sends.
public final class TextSeal {
    private final AesKey key;

    private TextSeal(AesKey key) {
        this.key = key;
    }

    /// Takes the 32 bytes over and zeroes them.
    static TextSeal take(byte[] bytes) {
        AesKey key = AesKey.copyOf(bytes);
        Arrays.fill(bytes, (byte) 0);
        return new TextSeal(key);
    }

    /// @param label what the text is for
    /// @param row the key of the row that it stands in
    public byte[] seal(String label, byte[] row, String text, SecureRandom random) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        byte[] box = new byte[plain.length + AesGcm.OVERHEAD];
        AesGcm gcm = bound(label, row);
        gcm.seal(key, random, Slice.of(plain), Slice.of(box));
        Arrays.fill(plain, (byte) 0);
        return box;
    }

    /// The text.
    ///
    /// @throws SealBroken when it is another row's, another purpose's or changed
    public String open(String label, byte[] row, byte[] box) {
        if (box.length < AesGcm.OVERHEAD) {
            throw new SealBroken();
        }
        byte[] plain = new byte[box.length - AesGcm.OVERHEAD];
        AesGcm gcm = bound(label, row);
        gcm.open(key, Slice.of(box), plain, 0);
        String text = new String(plain, StandardCharsets.UTF_8);
        Arrays.fill(plain, (byte) 0);
        return text;
    }

    @Override
    public String toString() {
        return "[key]";
    }

    private static AesGcm bound(String label, byte[] row) {
        AesGcm gcm = AesGcm.current();
        gcm.aad.clear();
        gcm.aad.add(label.getBytes(StandardCharsets.UTF_8));
        gcm.aad.add(row);
        return gcm;
    }
}
