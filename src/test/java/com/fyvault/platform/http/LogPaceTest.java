package com.fyvault.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LogPaceTest {
    @Test
    void saysItOnceAPauseAndTellsHowManyItLeftOut() {
        LogPace pace = new LogPace(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(pace.next()).isZero();
        assertThat(pace.next()).isEqualTo(LogPace.UNSAID);
        assertThat(pace.next()).isEqualTo(LogPace.UNSAID);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(pace.next()).isEqualTo(2);
    }
}
