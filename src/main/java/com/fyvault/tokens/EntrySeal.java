package com.fyvault.tokens;

import com.fyvault.crypto.MacKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What makes an entry of a shared cache believable: its name and its content, under one HMAC-SHA256 with a key
 * that only nodes have. An entry is the content and then the MAC, so that this holds in every format.
 *
 * <p>The name is an HMAC of the token's hash, and hashes in the content are masked with others: who reads the
 * cache finds no hash that stands in the database. The first byte of what is hashed says what for.
 */
final class EntrySeal {
    /** The longest entry. */
    static final int MOST_BYTES = FoundCodec.MOST_BYTES + MacKey.MAC_LENGTH;

    private static final byte NAME = 1;
    private static final byte CONTENT = 2;
    private static final byte MASK = 3;

    private final MacKey key;

    EntrySeal(MacKey key) {
        this.key = key;
    }

    /** What the token is called there: 32 bytes. */
    byte[] name(TokenHash hash) {
        return mac(NAME, hash.toBytes(), new byte[0]);
    }

    /** The entry of a token, or null when it would be too long. */
    byte @Nullable [] seal(TokenHash hash, CredentialStore.Found found) {
        byte[] name = name(hash);
        byte @Nullable [] content = FoundCodec.encode(found, slot -> mask(name, slot));
        if (content == null) {
            return null;
        }
        byte[] entry = Arrays.copyOf(content, content.length + MacKey.MAC_LENGTH);
        System.arraycopy(mac(CONTENT, name, content), 0, entry, content.length, MacKey.MAC_LENGTH);
        return entry;
    }

    /** The content, or null when no node has written this entry under this token's name. */
    byte @Nullable [] content(TokenHash hash, byte[] entry) {
        int length = entry.length - MacKey.MAC_LENGTH;
        if (length <= 0 || entry.length > MOST_BYTES) {
            return null;
        }
        byte[] content = Arrays.copyOf(entry, length);
        byte[] mac = Arrays.copyOfRange(entry, length, entry.length);
        return MessageDigest.isEqual(mac(CONTENT, name(hash), content), mac) ? content : null;
    }

    /** What a node has written there, or null when it is of a format that this node does not know. */
    CredentialStore.@Nullable Found open(TokenHash hash, byte[] content) {
        byte[] name = name(hash);
        return FoundCodec.decode(content, hash, slot -> mask(name, slot));
    }

    private TokenHash mask(byte[] name, int slot) {
        return TokenHash.of(mac(MASK, name, new byte[] {(byte) slot}));
    }

    /** Names have one length, so no two of these say the same. */
    private byte[] mac(byte purpose, byte[] name, byte[] more) {
        return key.mac(ByteBuffer.allocate(1 + name.length + more.length)
                .put(purpose)
                .put(name)
                .put(more)
                .array());
    }
}
