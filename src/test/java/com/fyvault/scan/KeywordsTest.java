package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeywordsTest {
    @Test
    void meetsEveryKeywordWhereAPlainSearchDoes() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            List<Rule> rules = new ArrayList<>();
            for (int rule = 0; rule < 1 + random.nextInt(8); rule++) {
                rules.add(rule(word(random, 1 + random.nextInt(4)), word(random, 1 + random.nextInt(3))));
            }
            String text = word(random, 200);
            assertThat(met(Keywords.of(rules), text)).containsExactlyInAnyOrderElementsOf(searched(rules, text));
        }
    }

    private static List<String> met(Keywords keywords, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        List<String> met = new ArrayList<>();
        int at = 0;
        int state = 0;
        while (at < bytes.length) {
            long stop = keywords.walk(bytes, at, bytes.length, state);
            state = (int) (stop >>> Integer.SIZE);
            at = (int) stop;
            if (keywords.accepts(state)) {
                for (Keywords.Entry entry : keywords.endings(state)) {
                    met.add(entry.rule() + " " + lower(new String(entry.text(), StandardCharsets.ISO_8859_1)) + " "
                            + at);
                }
            }
        }
        return met;
    }

    private static List<String> searched(List<Rule> rules, String text) {
        List<String> found = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            for (String keyword : rules.get(rule).facts().keywords()) {
                for (int at = 0; at + keyword.length() <= text.length(); at++) {
                    if (lower(text).startsWith(lower(keyword), at)) {
                        found.add(rule + " " + lower(keyword) + " " + (at + keyword.length()));
                    }
                }
            }
        }
        return found;
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append("abAB_".charAt(random.nextInt(5)));
        }
        return word.toString();
    }

    /** ASCII only, as the automaton folds. */
    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static Rule rule(String... keywords) {
        return new Rule(new Rule.Facts(
                "x",
                "x",
                Pattern.quote(keywords[0]),
                null,
                List.of(keywords),
                false,
                Rule.Reach.USUAL,
                0,
                0,
                Checksum.NONE,
                Confidence.LOW,
                List.of()));
    }
}
