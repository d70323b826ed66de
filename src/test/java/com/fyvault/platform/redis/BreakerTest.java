package com.fyvault.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Five failures within a second, and not one fewer. */
class BreakerTest {
    private static final long SECOND = 1_000_000_000L;

    private final long start = System.nanoTime();
    private final Breaker breaker = new Breaker(5, SECOND);

    @Test
    void opensAtTheFifthFailureWithinASecond() {
        for (int i = 0; i < 4; i++) {
            assertThat(breaker.failed(start + i)).isFalse();
        }
        assertThat(breaker.failed(start + SECOND)).isTrue();
    }

    @Test
    void staysClosedWhenTheyAreFartherApart() {
        for (int i = 0; i < 100; i++) {
            assertThat(breaker.failed(start + i * (SECOND / 4 + 1))).isFalse();
        }
    }

    @Test
    void beginsAnewWhenItIsReset() {
        for (int i = 0; i < 4; i++) {
            assertThat(breaker.failed(start + i)).isFalse();
        }
        breaker.reset();
        assertThat(breaker.failed(start + 5)).isFalse();
    }
}
