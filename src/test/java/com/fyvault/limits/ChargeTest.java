package com.fyvault.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChargeTest {
    @Test
    void whatIsTakenBackIsThereForTheNext() {
        Lease lease = new Lease(new Grant(1, 1_000, 0, 0, 1_000, new long[] {0}), 1);
        assertThat(lease.take(0)).isOne();
        assertThat(lease.take(0)).isZero();
        Charge charge = new Charge(lease, "", "");
        assertThat(charge.takenBack().isPaid()).isFalse();
        assertThat(lease.left()).isOne();
    }

    @Test
    void aRequestThatNoLimitConcernsHasNothingToTakeBack() {
        assertThat(Charge.FREE.takenBack().isPaid()).isFalse();
    }
}
