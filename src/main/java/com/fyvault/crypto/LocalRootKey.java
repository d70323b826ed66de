package com.fyvault.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;

/// A root key that this process holds itself: 32 bytes outside the heap, so that a heap dump does not have them.
///
/// A wrapped key is `keyid(8) | nonce(12) | ciphertext(32) | tag(16)`, with label, organization and epoch as AAD. Each
/// use copies the root key to the heap and zeroes the copy after it.
final class LocalRootKey implements RootKeySource {
    static final int LENGTH = 32;
    private static final int WRAPPED_LENGTH = RootKeyId.LENGTH + AesGcm.OVERHEAD + AesKey.LENGTH;
    private static final byte[] LABEL = "fv.orgkey.1".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random;
    private final String origin;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment root = arena.allocate(LENGTH);
    private final RootKeyId id;

    /// Takes the 32 bytes over and zeroes `bytes`.
    ///
    /// @param origin where they came from, for the operator's eyes
    LocalRootKey(byte[] bytes, String origin, SecureRandom random) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a root key is " + LENGTH + " bytes, not " + bytes.length);
        }
        MemorySegment.copy(bytes, 0, root, ValueLayout.JAVA_BYTE, 0, LENGTH);
        Arrays.fill(bytes, (byte) 0);
        this.origin = origin;
        this.random = random;
        this.id = expose(SubKeys::rootKeyId);
    }

    @Override
    public byte[] wrap(OrgKeyId orgKey, byte[] key) {
        if (key.length != AesKey.LENGTH) {
            throw new IllegalArgumentException("an organization key is " + AesKey.LENGTH + " bytes");
        }
        byte[] wrapped = new byte[WRAPPED_LENGTH];
        Fields.writeLong(wrapped, 0, id.value());
        return withCipher(orgKey, (gcm, kek) -> {
            gcm.seal(kek, random, Slice.of(key), Slice.from(wrapped, RootKeyId.LENGTH));
            return wrapped;
        });
    }

    @Override
    public byte[] unwrap(OrgKeyId orgKey, byte[] wrapped) {
        if (wrapped.length != WRAPPED_LENGTH || !RootKeyId.of(wrapped).equals(id)) {
            throw new SealBroken();
        }
        byte[] key = new byte[AesKey.LENGTH];
        return withCipher(orgKey, (gcm, kek) -> {
            gcm.open(kek, Slice.from(wrapped, RootKeyId.LENGTH), key, 0);
            return key;
        });
    }

    @Override
    public RootKeyId keyId() {
        return id;
    }

    @Override
    public SubKeys subKeys() {
        return expose(SubKeys::derive);
    }

    @Override
    public Health health() {
        return new Health(arena.scope().isAlive(), "root key " + id + " from " + origin);
    }

    @Override
    public void close() {
        root.fill((byte) 0);
        arena.close();
    }

    @Override
    public String toString() {
        return "RootKey[" + id + " from " + origin + "]";
    }

    private byte[] withCipher(OrgKeyId orgKey, CipherUse use) {
        return expose(bytes -> {
            AesGcm gcm = AesGcm.current();
            AesKey kek = AesKey.copyOf(bytes);
            gcm.aad.clear();
            gcm.aad.add(LABEL);
            gcm.aad.add(orgKey.orgId());
            gcm.aad.addInt(orgKey.epoch());
            try {
                return use.apply(gcm, kek);
            } finally {
                kek.clear();
                gcm.forget(random);
            }
        });
    }

    private <T> T expose(Function<byte[], T> use) {
        byte[] bytes = root.toArray(ValueLayout.JAVA_BYTE);
        try {
            return use.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private interface CipherUse {
        byte[] apply(AesGcm gcm, AesKey kek);
    }
}
