package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The secret that signs webhooks, as Standard Webhooks 1.0 has it: `whsec_` and 24 to 64 bytes in base64; prints
/// nothing.
public final class WebhookKey {
    private static final String PREFIX = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final MacKey key;

    private WebhookKey(MacKey key) {
        this.key = key;
    }

    /// The key of a text; null when it is none.
    public static @Nullable WebhookKey parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
            boolean fits = bytes.length >= SHORTEST && bytes.length <= LONGEST;
            return fits ? new WebhookKey(MacKey.take(bytes)) : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /// The value of `webhook-signature`: version 1, HMAC-SHA256 over id, seconds since 1970 and body.
    public String sign(String id, long seconds, byte[] body) {
        byte[] head = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        byte[] message = new byte[head.length + body.length];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        return "v1," + Base64.getEncoder().encodeToString(key.mac(message));
    }

    @Override
    public String toString() {
        return "[key]";
    }
}
