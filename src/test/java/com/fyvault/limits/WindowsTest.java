package com.fyvault.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a credential as requests and rows spell them. */
class WindowsTest {
    private static Windows asked(String body) {
        Windows windows = Windows.asked(Fields.parse(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(windows).isNotNull();
        return windows;
    }

    @Test
    void areWrittenAsPostgresPrintsThem() {
        assertThat(asked("{\"limits\":{\"perSecond\":10,\"perMinute\":600,\"perHour\":5,\"perDay\":20000}}")
                        .toJson())
                .isEqualTo("{\"perDay\": 20000, \"perHour\": 5, \"perMinute\": 600, \"perSecond\": 10}");
        assertThat(asked("{\"limits\":{}}").toJson()).isEqualTo("{}");
    }

    @Test
    void comeBackAsTheyWere() {
        Windows windows = asked("{\"rateLimitRpm\":7,\"limits\":{\"perSecond\":2}}");
        assertThat(Windows.parse(windows.toJson())).isEqualTo(windows);
        assertThat(windows.perMinute()).isEqualTo(7);
    }

    @Test
    void areAbsentWhenNobodyNamesThem() {
        assertThat(Windows.asked(Fields.none())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"limits\":{\"perWeek\":1}}",
                "{\"limits\":{\"perMinute\":0}}",
                "{\"limits\":{\"perMinute\":1000000001}}",
                "{\"limits\":{\"perMinute\":1.5}}",
                "{\"limits\":{\"perMinute\":\"9\"}}",
                "{\"limits\":7}",
                "{\"rateLimitRpm\":0}",
                "{\"rateLimitRpm\":5,\"limits\":{\"perMinute\":6}}"
            })
    void whatIsNoLimitIsRefused(String body) {
        assertThatThrownBy(() -> asked(body)).isInstanceOf(Refusal.class);
    }

    @Test
    void anUnlimitedOneIsWithinNothing() {
        Windows ten = asked("{\"rateLimitRpm\":10}");
        assertThat(ten.isWithin(List.of(ten))).isTrue();
        assertThat(asked("{\"rateLimitRpm\":9,\"limits\":{\"perDay\":1}}").isWithin(List.of(ten)))
                .isTrue();
        assertThat(asked("{\"rateLimitRpm\":11}").isWithin(List.of(ten))).isFalse();
        assertThat(asked("{\"limits\":{\"perSecond\":1}}").isWithin(List.of(ten)))
                .isFalse();
        assertThat(Windows.NONE.isWithin(List.of(ten))).isFalse();
        assertThat(Windows.NONE.isWithin(List.of())).isTrue();
    }
}
