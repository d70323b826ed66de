package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretPatternsTest {
    private static final UUID ID = new UUID(7, 1);
    private static final UUID OTHER = new UUID(7, 2);

    private final SeededRandom random = new SeededRandom(11);

    @Test
    void aPatternIsANameOrAPrefix() {
        SecretPatterns patterns = SecretPatterns.compile(List.of("db-url", "stripe*"));
        assertThat(patterns.allows(ID, "db-url")).isTrue();
        assertThat(patterns.allows(ID, "db-url2")).isFalse();
        assertThat(patterns.allows(ID, "stripe")).isTrue();
        assertThat(patterns.allows(ID, "stripe_live")).isTrue();
        assertThat(patterns.allows(ID, "strip")).isFalse();
        assertThat(SecretPatterns.compile(List.of()).allows(ID, "anything")).isTrue();
        assertThat(SecretPatterns.compile(List.of("*")).allows(ID, "anything")).isTrue();
    }

    @Test
    void anIdIsOneSecretWhateverItsName() {
        SecretPatterns patterns = SecretPatterns.compile(SecretPatterns.of(List.of(ID)));
        assertThat(patterns.allows(ID, "db-url")).isTrue();
        assertThat(patterns.allows(OTHER, "db-url")).isFalse();
        assertThat(patterns.allows(OTHER, ID.toString())).isFalse();
        assertThat(patterns.mayAllow("db-url")).isTrue();
        assertThat(SecretPatterns.ids(SecretPatterns.of(List.of(ID, OTHER)))).containsExactly(ID, OTHER);
        SecretPatterns both = SecretPatterns.compile(List.of("#" + ID, "a*"));
        assertThat(both.allows(OTHER, "ab")).isTrue();
        assertThat(both.allows(OTHER, "b")).isFalse();
    }

    @Test
    void noIdAtAllMatchesNothing() {
        SecretPatterns none = SecretPatterns.compile(SecretPatterns.of(List.of()));
        assertThat(none.allows(ID, "db-url")).isFalse();
        assertThat(none.allows(ID, "")).isFalse();
        assertThat(none.allows(ID, "#")).isFalse();
        assertThat(SecretPatterns.covers(SecretPatterns.of(List.of()), "db-url"))
                .isFalse();
    }

    @Test
    void whatIsCoveredMatchesNothingMore() {
        int matched = 0;
        for (int i = 0; i < Lane.count(200_000, 20_000); i++) {
            List<String> outer = patterns();
            String inner = pattern();
            String name = name();
            if (SecretPatterns.compile(List.of(inner)).allows(ID, name)) {
                matched++;
                boolean covered = SecretPatterns.covers(outer, inner);
                assertThat(!covered || SecretPatterns.compile(outer).allows(ID, name))
                        .isTrue();
            }
        }
        assertThat(matched).isGreaterThan(100);
    }

    @Test
    void whatTwoListsHaveInCommonIsWhatBothMatch() {
        int common = 0;
        for (int i = 0; i < Lane.count(200_000, 20_000); i++) {
            List<String> one = patterns();
            List<String> other = patterns();
            List<String> both = SecretPatterns.meet(one, other);
            String name = name();
            boolean allowed = SecretPatterns.compile(one).allows(ID, name)
                    && SecretPatterns.compile(other).allows(ID, name);
            common += allowed ? 1 : 0;
            assertThat(!both.isEmpty() && SecretPatterns.compile(both).allows(ID, name))
                    .isEqualTo(allowed);
        }
        assertThat(common).isGreaterThan(100);
    }

    private List<String> patterns() {
        return Stream.generate(this::pattern).limit(1 + random.nextInt(3)).toList();
    }

    private String pattern() {
        return random.nextInt(2) == 0 ? name() : name().substring(1) + "*";
    }

    /** Out of two letters, so that names meet often. */
    private String name() {
        return Stream.generate(() -> random.nextInt(2) == 0 ? "a" : "b")
                .limit(1 + random.nextInt(4))
                .collect(Collectors.joining());
    }
}
