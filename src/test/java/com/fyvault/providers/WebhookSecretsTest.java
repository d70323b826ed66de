package com.fyvault.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.OrgKeyId;
import com.fyvault.crypto.SealBroken;
import com.fyvault.support.SeededRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Where the envelope of a webhook secret opens. */
class WebhookSecretsTest {
    private static final UUID ORG = new UUID(1, 1);
    private static final UUID PROVIDER = new UUID(1, 2);

    private final SeededRandom random = new SeededRandom(7);

    @Test
    void opensForItsProviderAndNoOther() {
        OrgKey key = OrgKey.generate(new OrgKeyId(ORG, 1), random);
        byte[] secret = random.bytes(32);
        byte[] envelope = new Envelope(random).seal(key, WebhookSecrets.binding(ORG, PROVIDER), secret);
        assertThat(Envelope.open(key, WebhookSecrets.binding(ORG, PROVIDER), envelope))
                .isEqualTo(secret);
        assertThatThrownBy(() -> Envelope.open(key, WebhookSecrets.binding(ORG, new UUID(1, 3)), envelope))
                .isInstanceOf(SealBroken.class);
    }
}
