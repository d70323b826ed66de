package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.tokens.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rules that come along: each finds its format, wherever it stands, and nothing makes one run long. */
class RulesTest {
    private static final RuleSet RULES = RuleSet.own();
    private static final Detector DETECTOR = Detector.ofFiles(RULES);
    private static final List<String> SURROUNDINGS = List.of(
            "%s",
            "key = \"%s\"",
            "export KEY='%s';",
            "{\"a\": 1, \"key\": \"%s\", \"b\": 2}",
            "key: %s\nother: x\n",
            "curl -H \"Authorization: Bearer %s\" https://example.com",
            "<value>%s</value>",
            "say(`%s`)");

    @Test
    void thereAreSixtyFormatsOfOthersAndAllOfOurs() {
        List<String> ids = RULES.rules().stream().map(Rule::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).filteredOn(id -> !id.startsWith("fyvault-")).hasSizeGreaterThanOrEqualTo(60);
        for (TokenKind kind : TokenKind.values()) {
            assertThat(RULES.rules())
                    .as(kind.prefix())
                    .anyMatch(rule -> rule.facts().keywords().contains(kind.prefix()));
        }
        assertThat(RULES.warnings()).isEmpty();
        assertThat(new Samples(1).templates().keySet()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void eachFindsItsFormatInEverySurroundings() {
        Samples samples = new Samples(20261121);
        List<String> missed = new ArrayList<>();
        long tried = 0;
        for (String rule : samples.templates().keySet()) {
            for (int i = 0; i < Lane.count(5, 100); i++) {
                for (String around : SURROUNDINGS) {
                    String secret = samples.draw(rule);
                    List<Finding> found = find(around.formatted(secret));
                    tried++;
                    if (found.size() != 1 || !found.get(0).rule().equals(rule)) {
                        missed.add(rule + " in " + around + ": " + secret.length() + " "
                                + found.stream().map(Finding::rule).toList());
                    }
                }
            }
        }
        Figures.print(new Figures.Line(
                "I5.4",
                "planted secrets of every rule",
                0,
                tried,
                missed.size(),
                RULES.rules().size() + " rules"));
        assertThat(missed).isEmpty();
    }

    @Test
    void aWrongChecksumIsNoFinding() {
        Samples samples = new Samples(7);
        int flipped = 0;
        for (Rule rule : RULES.rules()) {
            if (rule.facts().checksum() != Checksum.NONE) {
                String secret = samples.draw(rule.id());
                String before = secret.substring(secret.lastIndexOf('_') + 1);
                for (int at = secret.length() - before.length(); at < secret.length(); at++) {
                    char other = secret.charAt(at) == 'a' ? 'b' : 'a';
                    String wrong = secret.substring(0, at) + other + secret.substring(at + 1);
                    assertThat(find("key = " + wrong)).as(rule.id()).isEmpty();
                    flipped++;
                }
            }
        }
        assertThat(flipped).isGreaterThan(20 * 36);
    }

    /** The example of the announcement of the format, and one with a zero at the head of its checksum. */
    @Test
    void knowsTheChecksumThatGitHubPublished() {
        assertThat(find("gh" + "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17")).hasSize(1);
        assertThat(find("gh" + "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq18")).isEmpty();
        assertThat(find("gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a")).isEmpty();
    }

    @Test
    void examplesAreNoFindings() {
        assertThat(find("aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLE")).isEmpty();
        assertThat(find("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"))
                .isEmpty();
        assertThat(find("AKIA" + "A".repeat(16))).isEmpty();
        assertThat(find("token: sk_live_" + "x".repeat(24))).isEmpty();
        assertThat(find("token: sk_live_" + "YOUR_TOKEN".replace("_", "") + "AB12cd34EF56gh78Ij"))
                .isEmpty();
        assertThat(find("postgres://user:password@localhost/db")).isEmpty();
        assertThat(find("postgres://user:${PASSWORD}@localhost/db")).isEmpty();
        assertThat(find("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"))
                .isEmpty();
    }

    @Test
    void noTextMakesARuleRunLong() {
        int size = Lane.count(32, 256) * 1024;
        Samples samples = new Samples(3);
        Map<Long, String> slowest = new TreeMap<>();
        for (Rule rule : RULES.rules()) {
            String keyword = rule.facts().keywords().get(0);
            String sample = samples.draw(rule.id());
            List<String> hostile = List.of(
                    keyword,
                    "-" + keyword,
                    keyword + "a1",
                    " " + keyword + "a".repeat(300) + ".",
                    sample.substring(0, sample.length() - 1) + "!",
                    keyword.repeat(3) + "\n\\ \"'");
            for (String one : hostile) {
                byte[] text = one.repeat(size / one.length() + 1).getBytes(StandardCharsets.ISO_8859_1);
                long began = System.nanoTime();
                var _ = DETECTOR.scan(text, size, Place.file("x"));
                slowest.put(System.nanoTime() - began, rule.id());
            }
        }
        Map.Entry<Long, String> worst = ((TreeMap<Long, String>) slowest).lastEntry();
        Figures.print(new Figures.Line(
                "I5.4",
                "hostile texts of " + size / 1024 + " KiB",
                0,
                slowest.size(),
                0,
                "slowest " + worst.getKey() / 1_000_000 + " ms, " + worst.getValue()));
        assertThat(worst.getKey()).isLessThan(20_000_000_000L);
    }

    private static List<Finding> find(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Detector.Found found = DETECTOR.scan(bytes, bytes.length, Place.file("a.txt"));
        assertThat(found.cut()).isFalse();
        return found.findings();
    }
}
