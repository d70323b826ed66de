package com.fyvault.crypto;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// AES-256-GCM as boxes of `nonce(12) | ciphertext(n) | tag(16)` (NIST SP 800-38D, 96-bit nonce, 128-bit tag): the one
/// user of `javax.crypto.Cipher`.
///
/// No method takes a nonce: `seal` draws it. A fresh `Cipher` accepts a repeated key and nonce without a word, so the
/// only safe place for the choice is here. Random 96-bit nonces are good for 2^32 messages a key; a data key seals one
/// message, an organization key is retired at 2^28.
///
/// One instance a thread, because `Cipher.getInstance` costs more than opening a small value. A virtual thread gets one
/// too: correct, but it pays for the look-up each time, so open on platform threads (event loops, worker pool). The
/// cipher keeps the last expanded key until its next use on that thread; the JDK then zeroes it.
final class AesGcm {
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;
    static final int OVERHEAD = NONCE_LENGTH + TAG_LENGTH;

    private static final ThreadLocal<AesGcm> CURRENT = ThreadLocal.withInitial(AesGcm::new);

    private final Cipher cipher;
    /// The authenticated data of the call at hand; filled by the caller before `seal` or `open`.
    final Fields aad = new Fields(192);
    /// The data key of the call at hand; cleared by the caller after it.
    final AesKey dataKey = new AesKey();

    private AesGcm() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    /// The calling thread's instance.
    static AesGcm current() {
        return CURRENT.get();
    }

    /// Writes the box at the start of `box`, whose length must be the plaintext's + 28.
    void seal(AesKey key, SecureRandom random, Slice plain, Slice box) {
        if (box.length() != plain.length() + OVERHEAD) {
            throw new IllegalArgumentException("box and plaintext do not match");
        }
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, box.array(), box.offset(), NONCE_LENGTH);
        int at = box.offset() + NONCE_LENGTH;
        try {
            start(Cipher.ENCRYPT_MODE, key, box);
            int written = cipher.doFinal(plain.array(), plain.offset(), plain.length(), box.array(), at);
            if (written != plain.length() + TAG_LENGTH) {
                throw new IllegalStateException("the cipher wrote " + written + " bytes");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt", e);
        }
    }

    /// Decrypts a box of at least 28 bytes into `target`; nothing of a refused box is left there.
    ///
    /// @throws SealBroken when the tag does not fit
    void open(AesKey key, Slice box, byte[] target, int targetOffset) {
        int length = box.length() - NONCE_LENGTH;
        try {
            start(Cipher.DECRYPT_MODE, key, box);
            int written = cipher.doFinal(box.array(), box.offset() + NONCE_LENGTH, length, target, targetOffset);
            if (written != length - TAG_LENGTH) {
                throw new IllegalStateException("the cipher wrote " + written + " bytes");
            }
        } catch (AEADBadTagException e) {
            throw new SealBroken();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot decrypt", e);
        }
    }

    /// Makes the cipher zero the last expanded key by giving it another: for a key that must not stay about.
    void forget(SecureRandom random) {
        dataKey.clear();
        seal(dataKey, random, Slice.of(new byte[0]), Slice.of(new byte[OVERHEAD]));
    }

    private void start(int mode, AesKey key, Slice box) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * 8, box.array(), box.offset(), NONCE_LENGTH));
        cipher.updateAAD(aad.array(), 0, aad.length());
    }
}
