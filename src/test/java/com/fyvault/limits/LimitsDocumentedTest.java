package com.fyvault.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Document;
import java.util.Arrays;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;

/** docs/LIMITS.md against the limits that there are. */
class LimitsDocumentedTest {
    @Test
    void theTableHoldsEveryLimitAndNothingElse() {
        assertThat(Document.of("docs/LIMITS.md").matches("(?m)^\\| `[A-Z_]+` \\|.*$").stream()
                        .map(MatchResult::group))
                .containsExactlyElementsOf(
                        Arrays.stream(Limit.values()).map(Limit::row).toList());
    }
}
