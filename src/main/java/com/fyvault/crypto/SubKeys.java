package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// The service's own keys, each HKDF-SHA256 (RFC 5869) of the root with its own label; in memory only.
///
/// Whoever replaces the root replaces these: rows sealed under the old root verify with the old root's keys.
///
/// @param rowSeal seals rows that grant authority (credentials, role bindings)
/// @param cacheMac authenticates what comes back from a shared cache
/// @param auditHmac hides sensitive audit fields
/// @param idempotency fingerprints request bodies
/// @param cursor authenticates page cursors
/// @param valuePrint fingerprints stored values
/// @param login signs the tokens of people's logins
/// @param factors seals what people's second factors rest on
/// @param mail seals mails that wait, and what else of people is of no organization
public record SubKeys(
        MacKey rowSeal,
        MacKey cacheMac,
        MacKey auditHmac,
        MacKey idempotency,
        MacKey cursor,
        MacKey valuePrint,
        LoginKey login,
        TextSeal mail,
        BoxKey factors) {
    private static final byte[] SALT = ascii("fyvault.subkeys.1");
    private static final int LENGTH = 32;

    /// @param seed 32 uniformly random bytes: a local root key, or what a remote root keeps wrapped for this
    public static SubKeys derive(byte[] seed) {
        return new SubKeys(
                macKey(seed, "row-seal"),
                macKey(seed, "cache-mac"),
                macKey(seed, "audit-hmac"),
                macKey(seed, "idempotency"),
                macKey(seed, "cursor"),
                macKey(seed, "value-print"),
                LoginKey.take(hkdf(seed, SALT, ascii("login-es256"), LoginKey.SEED_LENGTH)),
                TextSeal.take(hkdf(seed, SALT, ascii("mail-box"), LENGTH)),
                BoxKey.take(hkdf(seed, SALT, ascii("factors"), LENGTH)));
    }

    static RootKeyId rootKeyId(byte[] seed) {
        return RootKeyId.of(hkdf(seed, SALT, ascii("root-id"), LENGTH));
    }

    /// HKDF-SHA256, extract then expand (RFC 5869 sections 2.2 and 2.3), to `length` bytes.
    static byte[] hkdf(byte[] seed, byte[] salt, byte[] info, int length) {
        try {
            HKDFParameterSpec.Builder extract =
                    HKDFParameterSpec.ofExtract().addIKM(seed).addSalt(salt);
            return KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, length));
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalArgumentException("HKDF refuses its input", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        }
    }

    private static MacKey macKey(byte[] seed, String label) {
        return MacKey.take(hkdf(seed, SALT, ascii(label), LENGTH));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
