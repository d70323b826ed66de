package com.fyvault.providers;

import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.Purpose;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.crypto.WebhookKey;
import com.fyvault.orgs.Keyrings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/**
 * The secrets that sign what providers are told, in the form of Standard Webhooks: {@code whsec_} and 32
 * random bytes in base64. The bytes are kept under the organization's key, bound to their provider.
 */
public final class WebhookSecrets {
    private static final String PREFIX = "whsec_";
    private static final int LENGTH = 32;
    private static final UUID NOWHERE = new UUID(0, 0);

    private final Keyrings keyrings;
    private final Envelope envelope;
    private final SecureRandom random;

    public WebhookSecrets(Keyrings keyrings, SecureRandom random) {
        this.keyrings = keyrings;
        this.envelope = new Envelope(random);
        this.random = random;
    }

    public byte[] draw() {
        byte[] secret = new byte[LENGTH];
        random.nextBytes(secret);
        return secret;
    }

    public static String text(byte[] secret) {
        return PREFIX + Base64.getEncoder().encodeToString(secret);
    }

    public Future<byte[]> seal(UUID orgId, UUID providerId, byte[] secret) {
        return keyrings.primary(orgId).map(key -> envelope.seal(key, binding(orgId, providerId), secret));
    }

    /** The key of a secret as it is kept; fails with {@link SealBroken} for one that is another's. */
    public Future<WebhookKey> open(UUID orgId, UUID ownerId, byte[] envelope) {
        return used(orgId, ownerId, envelope, text -> Objects.requireNonNull(WebhookKey.parse(text)));
    }

    /** The fingerprint of a secret's text, by which it is known when it turns up in public; fails as {@link #open} does. */
    public Future<byte[]> print(UUID orgId, UUID ownerId, byte[] envelope, ValuePrints prints) {
        return used(
                orgId,
                ownerId,
                envelope,
                text -> Objects.requireNonNull(prints.of(text.getBytes(StandardCharsets.US_ASCII))));
    }

    private <T> Future<T> used(UUID orgId, UUID ownerId, byte[] envelope, Function<String, T> use) {
        return keyrings.key(orgId, Envelope.epoch(envelope)).map(key -> {
            if (key == null) {
                throw new SealBroken();
            }
            byte[] secret = Envelope.open(key, binding(orgId, ownerId), envelope);
            try {
                return use.apply(text(secret));
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        });
    }

    static Binding binding(UUID orgId, UUID providerId) {
        return new Binding(Purpose.WEBHOOK, orgId, NOWHERE, NOWHERE, providerId, 0);
    }
}
