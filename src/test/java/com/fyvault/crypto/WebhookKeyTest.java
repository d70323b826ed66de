package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The secret that signs webhooks. */
class WebhookKeyTest {
    private static String secret(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    /** The example of the Standard Webhooks project. */
    @Test
    void signsAsTheStandardDoes() {
        WebhookKey key = Objects.requireNonNull(WebhookKey.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        assertThat(key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(key).hasToString("[key]");
    }

    @Test
    void takesTwentyFourToSixtyFourBytes() {
        assertThat(WebhookKey.parse(secret(23))).isNull();
        assertThat(WebhookKey.parse(secret(24))).isNotNull();
        assertThat(WebhookKey.parse(secret(64))).isNotNull();
        assertThat(WebhookKey.parse(secret(65))).isNull();
        assertThat(WebhookKey.parse("whsec_!")).isNull();
        assertThat(WebhookKey.parse(secret(32).substring(1))).isNull();
        assertThat(WebhookKey.parse("")).isNull();
    }
}
