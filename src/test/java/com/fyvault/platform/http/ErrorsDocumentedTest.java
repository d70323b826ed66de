package com.fyvault.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Document;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/ERRORS.md against the enum: whoever adds a code says what it means and what to check. */
class ErrorsDocumentedTest {
    private static final String ENTRY = "(?m)^### ([A-Z_]+) \\((\\d+)\\)$";

    private final Document errors = Document.of("docs/ERRORS.md");

    @Test
    void everyCodeHasOneEntryWithItsStatusAndNoEntryIsOfAnythingElse() {
        List<String> codes = Arrays.stream(ErrorCode.values())
                .map(code -> code.name() + " " + code.status())
                .toList();
        List<String> entries = errors.matches(ENTRY).stream()
                .map(entry -> entry.group(1) + " " + entry.group(2))
                .toList();
        assertThat(entries).containsExactlyElementsOf(codes);
    }

    @Test
    void everyEntryQuotesTheTextAndSaysTheCauseAndWhatToCheck() {
        List<String> names =
                errors.matches(ENTRY).stream().map(entry -> entry.group(1)).toList();
        List<String> entries = errors.parts(ENTRY);
        assertThat(entries).isNotEmpty();
        for (int i = 0; i < entries.size(); i++) {
            ErrorCode code = ErrorCode.valueOf(names.get(i));
            assertThat(entries.get(i))
                    .as(code.name())
                    .contains("> " + code.text())
                    .containsPattern("\\*\\*Cause\\.\\*\\* \\S")
                    .containsPattern("\\*\\*Check\\.\\*\\* \\S");
        }
    }
}
