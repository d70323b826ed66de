package com.fyvault.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/// Envelope encryption of one value, format 1, 94 bytes over the plaintext:
///
/// ```
/// 0x01 | alg(1) | kek_epoch(u32) | wrap_nonce(12) | wrapped_dek(32+16) | value_nonce(12) | ciphertext(n) | tag(16)
/// ```
///
/// alg 1 is AES-256-GCM at both layers. A fresh data key (DEK) seals each value once and is wrapped by the organization
/// key (KEK). Both layers authenticate where the value belongs ([Binding]); only the wrap layer authenticates the KEK's
/// epoch, so that a rotation touches the head and never the value (docs/decisions/value-layer-without-epoch.md).
///
/// Opening checks length and format before a cipher is touched, then tries the one epoch that the head names, once. Any
/// refusal is the same [SealBroken]. Opening is per-thread state and arithmetic: safe from any thread, best from a
/// platform thread (see `AesGcm`).
public final class Envelope {
    /// Bytes that an envelope is longer than its plaintext.
    public static final int OVERHEAD = 94;
    /// The longest plaintext in bytes, 1 MiB.
    public static final int VALUE_LIMIT = 1_048_576;
    /// Bytes before the value layer: all that a rewrap reads and writes.
    public static final int HEAD_LENGTH = 66;

    private static final byte FORMAT = 1;
    private static final byte AES_256_GCM = 1;
    private static final int EPOCH_AT = 2;
    private static final int WRAP_AT = 6;
    private static final byte[] LABEL = "fv.env.1".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random;

    public Envelope(SecureRandom random) {
        this.random = random;
    }

    /// Seals `plaintext` (0 to [#VALUE_LIMIT] bytes, left as it is) under the organization's key.
    public byte[] seal(OrgKey key, Binding binding, byte[] plaintext) {
        if (plaintext.length > VALUE_LIMIT) {
            throw new IllegalArgumentException("value longer than " + VALUE_LIMIT + " bytes");
        }
        requireOwner(key, binding);
        byte[] envelope = new byte[plaintext.length + OVERHEAD];
        AesGcm gcm = AesGcm.current();
        try {
            gcm.dataKey.fill(random);
            writeHead(gcm, key, binding, envelope);
            valueAad(gcm, binding);
            gcm.seal(gcm.dataKey, random, Slice.of(plaintext), Slice.from(envelope, HEAD_LENGTH));
            return envelope;
        } finally {
            gcm.dataKey.clear();
        }
    }

    /// Opens an envelope where it belongs; the caller clears the answer when done.
    ///
    /// @throws SealBroken when anything about it is wrong
    public static byte[] open(OrgKey key, Binding binding, byte[] envelope) {
        byte[] plaintext = new byte[plaintextLength(envelope)];
        openTo(key, binding, envelope, Slice.of(plaintext));
        return plaintext;
    }

    /// Opens an envelope into `target`, a heap buffer, from its position, which moves past the plaintext.
    ///
    /// Nothing of a refused envelope is left in the buffer, and its position has not moved.
    ///
    /// @return plaintext length in bytes
    /// @throws SealBroken when anything about the envelope is wrong
    /// @throws IllegalArgumentException when fewer than [#plaintextLength] bytes remain, or the buffer has no array
    public static int openInto(OrgKey key, Binding binding, byte[] envelope, ByteBuffer target) {
        int length = plaintextLength(envelope);
        if (!target.hasArray() || target.remaining() < length) {
            throw new IllegalArgumentException("target cannot take " + length + " bytes");
        }
        openTo(key, binding, envelope, new Slice(target.array(), target.arrayOffset() + target.position(), length));
        target.position(target.position() + length);
        return length;
    }

    /// The same envelope under another epoch of the same organization's key; the value layer is copied, not opened.
    ///
    /// @throws SealBroken when the data key does not open under `from`
    public byte[] rewrap(OrgKey from, OrgKey to, Binding binding, byte[] envelope) {
        byte[] result = Arrays.copyOf(envelope, OVERHEAD + plaintextLength(envelope));
        rewrapHead(from, to, binding, result);
        return result;
    }

    /// Rewraps in place the first [#HEAD_LENGTH] bytes of `head`: an envelope, or no more than its head as a rotation
    /// reads it.
    ///
    /// @throws SealBroken when the data key does not open under `from`; `head` is unchanged then
    public void rewrapHead(OrgKey from, OrgKey to, Binding binding, byte[] head) {
        if (head.length < HEAD_LENGTH) {
            throw new SealBroken();
        }
        requireOwner(to, binding);
        AesGcm gcm = AesGcm.current();
        try {
            readHead(gcm, from, binding, head);
            writeHead(gcm, to, binding, head);
        } finally {
            gcm.dataKey.clear();
        }
    }

    /// The epoch of the key that an envelope (or its head) asks for.
    ///
    /// @throws SealBroken when it is no envelope of format 1
    public static int epoch(byte[] envelope) {
        if (envelope.length < HEAD_LENGTH || envelope[0] != FORMAT || envelope[1] != AES_256_GCM) {
            throw new SealBroken();
        }
        int epoch = Fields.readInt(envelope, EPOCH_AT);
        if (epoch < 1) {
            throw new SealBroken();
        }
        return epoch;
    }

    /// Length of the plaintext in bytes, from the envelope's length alone.
    ///
    /// @throws SealBroken when no envelope has that length
    public static int plaintextLength(byte[] envelope) {
        int length = envelope.length - OVERHEAD;
        if (length < 0 || length > VALUE_LIMIT) {
            throw new SealBroken();
        }
        return length;
    }

    private static void openTo(OrgKey key, Binding binding, byte[] envelope, Slice target) {
        AesGcm gcm = AesGcm.current();
        try {
            readHead(gcm, key, binding, envelope);
            valueAad(gcm, binding);
            gcm.open(gcm.dataKey, Slice.from(envelope, HEAD_LENGTH), target.array(), target.offset());
        } finally {
            gcm.dataKey.clear();
        }
    }

    private static void readHead(AesGcm gcm, OrgKey key, Binding binding, byte[] head) {
        if (epoch(head) != key.epoch() || !key.orgId().equals(binding.orgId())) {
            throw new SealBroken();
        }
        wrapAad(gcm, binding, key.epoch());
        AesKey kek = key.key();
        try {
            gcm.open(kek, wrapLayer(head), gcm.dataKey.exposeBytes(), 0);
        } catch (SealBroken e) {
            key.requireKept(); // zeroed under our hands: the node was sealed, no alarm
            throw e;
        }
    }

    private void writeHead(AesGcm gcm, OrgKey key, Binding binding, byte[] head) {
        AesKey kek = key.key();
        head[0] = FORMAT;
        head[1] = AES_256_GCM;
        Fields.writeInt(head, EPOCH_AT, key.epoch());
        wrapAad(gcm, binding, key.epoch());
        gcm.seal(kek, random, Slice.of(gcm.dataKey.exposeBytes()), wrapLayer(head));
        key.requireKept(); // dropped meanwhile: what we hold may be wrapped under zeros, so it must not get out
    }

    private static Slice wrapLayer(byte[] envelope) {
        return new Slice(envelope, WRAP_AT, HEAD_LENGTH - WRAP_AT);
    }

    private static void wrapAad(AesGcm gcm, Binding binding, int epoch) {
        startAad(gcm.aad, binding);
        gcm.aad.addInt(epoch);
        addPlace(gcm.aad, binding);
    }

    private static void valueAad(AesGcm gcm, Binding binding) {
        startAad(gcm.aad, binding);
        addPlace(gcm.aad, binding);
    }

    private static void startAad(Fields aad, Binding binding) {
        aad.clear();
        aad.add(LABEL);
        aad.add(binding.purpose().label());
        aad.addByte(AES_256_GCM);
    }

    private static void addPlace(Fields aad, Binding binding) {
        aad.add(binding.orgId());
        aad.add(binding.projectId());
        aad.add(binding.environmentId());
        aad.add(binding.secretId());
        aad.add(binding.version());
    }

    private static void requireOwner(OrgKey key, Binding binding) {
        if (!key.orgId().equals(binding.orgId())) {
            throw new IllegalArgumentException("the key is another organization's");
        }
    }
}
