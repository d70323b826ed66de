package com.fyvault.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import org.junit.jupiter.api.Test;

class OutcomeUnknownTest {
    /** Whichever route it happens on: a logout whose commit is in doubt is no bug of the server. */
    @Test
    void isToldAsWhatItIsAndNoBug() {
        assertThat(ErrorExit.codeOf(new OutcomeUnknown())).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }
}
