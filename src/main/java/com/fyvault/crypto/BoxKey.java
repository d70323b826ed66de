package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;

/// Seals what belongs to somebody and not to an organization, with AES-256-GCM under one of the service's own keys;
/// prints nothing.
///
/// A box is `nonce(12) | ciphertext(n) | tag(16)`. Its kind and its owner's id are authenticated: a box copied to
/// another row does not open. Random nonces are good for 2^32 boxes a key; there are as many as people enrol.
public final class BoxKey {
    /// What a box has more than its content.
    public static final int OVERHEAD = AesGcm.OVERHEAD;

    private final AesKey key;

    private BoxKey(AesKey key) {
        this.key = key;
    }

    /// Takes the key over and zeroes `bytes`.
    static BoxKey take(byte[] bytes) {
        AesKey key = AesKey.copyOf(bytes);
        Arrays.fill(bytes, (byte) 0);
        return new BoxKey(key);
    }

    /// Seals `plain`, which stays the caller's.
    ///
    /// @param kind of box; those of different kinds never open as one another
    public byte[] seal(String kind, UUID owner, byte[] plain, SecureRandom random) {
        byte[] box = new byte[plain.length + OVERHEAD];
        bound(kind, owner).seal(key, random, Slice.of(plain), Slice.of(box));
        return box;
    }

    /// What was sealed for the same kind and owner.
    ///
    /// @throws SealBroken when it was not
    public SecretBytes open(String kind, UUID owner, byte[] box) {
        if (box.length < OVERHEAD) {
            throw new SealBroken();
        }
        byte[] plain = new byte[box.length - OVERHEAD];
        bound(kind, owner).open(key, Slice.of(box), plain, 0);
        return SecretBytes.take(plain);
    }

    @Override
    public String toString() {
        return "[key]";
    }

    private static AesGcm bound(String kind, UUID owner) {
        AesGcm gcm = AesGcm.current();
        gcm.aad.clear();
        gcm.aad.add(kind.getBytes(StandardCharsets.UTF_8));
        gcm.aad.add(owner);
        return gcm;
    }
}
