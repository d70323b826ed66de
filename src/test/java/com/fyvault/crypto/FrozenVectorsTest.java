package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/// T04: envelopes of format 1 made once, on 2026-11-21, open for ever.
class FrozenVectorsTest {
    /// Of the committed file. If this test fails, the file was changed: put it back, and give a new format a new byte
    /// and a new file.
    private static final String FILE_SHA_256 = "018cbed8d3fe5ec354d37831050fc423e9615d00e3b6d7eb04319eeed9b24a8b";

    @Test
    void everyFrozenEnvelopeOpens() throws IOException {
        List<EnvelopeVectors.Vector> vectors = EnvelopeVectors.parse(file());
        int violations = 0;
        for (EnvelopeVectors.Vector vector : vectors) {
            byte[] opened = Envelope.open(vector.key(), vector.binding(), hex(vector.envelope()));
            violations += HexFormat.of().formatHex(opened).equals(vector.plaintext()) ? 0 : 1;
        }
        System.out.printf(
                "T04 frozen: faults 0, %d envelopes of format 1, violations %d%n", vectors.size(), violations);
        assertThat(vectors).hasSizeGreaterThanOrEqualTo(12);
        assertThat(violations).isZero();
    }

    @Test
    void theFileIsTheOneThatWasFrozen() throws IOException {
        assertThat(HexFormat.of().formatHex(Sha256.hash(file()))).isEqualTo(FILE_SHA_256);
    }

    /// The format as documented, read by another implementation of AES-GCM and with offsets of its own.
    @Test
    void anotherImplementationOpensThemByTheDocumentAlone() throws IOException, InvalidCipherTextException {
        for (EnvelopeVectors.Vector vector : EnvelopeVectors.parse(file())) {
            byte[] envelope = hex(vector.envelope());
            byte[] dek = bouncyCastle(hex(vector.orgKey()), aad(vector, true), Arrays.copyOfRange(envelope, 6, 66));
            byte[] plain = bouncyCastle(dek, aad(vector, false), Arrays.copyOfRange(envelope, 66, envelope.length));
            assertThat(HexFormat.of().formatHex(plain)).as(vector.name()).isEqualTo(vector.plaintext());
        }
    }

    private static byte[] bouncyCastle(byte[] key, byte[] aad, byte[] box) throws InvalidCipherTextException {
        byte[] nonce = Arrays.copyOf(box, 12);
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(false, new AEADParameters(new KeyParameter(key), 128, nonce, aad));
        byte[] plain = new byte[box.length - 28];
        int done = cipher.processBytes(box, 12, box.length - 12, plain, 0);
        assertThat(done + cipher.doFinal(plain, done)).isEqualTo(plain.length);
        return plain;
    }

    private static byte[] aad(EnvelopeVectors.Vector vector, boolean wrapLayer) {
        StringBuilder hex = new StringBuilder();
        hex.append("00000008").append(ascii("fv.env.1"));
        String purpose = vector.purpose().equals("IDEMPOTENCY")
                ? "idem"
                : vector.purpose().toLowerCase(Locale.ROOT);
        hex.append("%08x".formatted(purpose.length())).append(ascii(purpose));
        hex.append("00000001").append("01");
        if (wrapLayer) {
            hex.append("00000004").append("%08x".formatted(vector.epoch()));
        }
        for (UUID id : List.of(vector.orgId(), vector.projectId(), vector.environmentId(), vector.secretId())) {
            hex.append("00000010").append(id.toString().replace("-", ""));
        }
        hex.append("00000008").append("%016x".formatted(vector.version()));
        return hex(hex.toString());
    }

    private static byte[] file() throws IOException {
        try (InputStream in = FrozenVectorsTest.class.getResourceAsStream(EnvelopeVectors.RESOURCE)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
