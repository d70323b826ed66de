package com.fyvault.connect;

import com.fyvault.crypto.Sha256;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the provider's backend changes for its token: the organization and 192 random bits. Only its hash is kept. */
final class ConnectCode {
    static final int LONGEST = 128;
    private static final String PREFIX = "fvcode_";
    private static final int RANDOM = 24;
    private static final int UUID_BYTES = 16;

    private final String text;
    private final UUID orgId;

    private ConnectCode(String text, UUID orgId) {
        this.text = text;
        this.orgId = orgId;
    }

    static ConnectCode draw(UUID orgId, SecureRandom random) {
        byte[] drawn = new byte[RANDOM];
        random.nextBytes(drawn);
        byte[] all = ByteBuffer.allocate(UUID_BYTES + RANDOM)
                .putLong(orgId.getMostSignificantBits())
                .putLong(orgId.getLeastSignificantBits())
                .put(drawn)
                .array();
        return new ConnectCode(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all), orgId);
    }

    /** Null for what is no code. */
    static @Nullable ConnectCode parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        try {
            ByteBuffer all = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
            return all.remaining() == UUID_BYTES + RANDOM
                    ? new ConnectCode(text, new UUID(all.getLong(), all.getLong()))
                    : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    UUID orgId() {
        return orgId;
    }

    byte[] hash() {
        return Sha256.hash(text);
    }

    /** For the person's browser, this once. */
    String exposeText() {
        return text;
    }

    @Override
    public String toString() {
        return "ConnectCode";
    }
}
