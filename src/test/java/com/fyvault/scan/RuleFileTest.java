package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people have them for gitleaks. */
class RuleFileTest {
    private static final String RULE = """
            [[rules]]
            id = "acme"
            description = "Acme key"
            regex = '''(?i)acme_?key\\s*=\\s*"([0-9a-z]{16})"'''
            secretGroup = 1
            entropy = 3
            keywords = ["ACME"]
            tags = ["key"]
            """;

    @TempDir
    Path directory;

    @Test
    void aRuleOfOnesOwnFindsItsSecret() throws IOException {
        RuleSet set = read(RULE);
        assertThat(set.warnings()).isEmpty();
        assertThat(found(set, "Acme_Key = \"q8z1m5x0c7v2b4n9\"")).containsExactly("acme q8****n9");
        assertThat(found(set, "Acme_Key = \"aaaaaaaaaaaaaaaa\"")).isEmpty();
    }

    @Test
    void theUsualRulesComeAlongOnlyWhenTheyAreAskedFor() throws IOException {
        String pat = new Samples(1).draw("github-pat");
        assertThat(found(read(RULE), pat)).isEmpty();
        assertThat(found(read("[extend]\nuseDefault = true\n" + RULE), pat)).hasSize(1);
        assertThat(found(read("[extend]\nuseDefault = true\ndisabledRules = [\"github-pat\"]\n" + RULE), pat))
                .isEmpty();
    }

    @Test
    void allowlistsOfBothSpellingsHold() throws IOException {
        String text = "acme_key = \"q8z1m5x0c7v2b4n9\"";
        assertThat(found(read(RULE + "[rules.allowlist]\nregexes = ['^q8z']"), text))
                .isEmpty();
        assertThat(found(read(RULE + "[[rules.allowlists]]\nstopwords = ['M5X']"), text))
                .isEmpty();
        assertThat(found(read(RULE + "[[allowlists]]\npaths = ['a\\.txt$']"), text))
                .isEmpty();
        assertThat(found(read(RULE + "[allowlist]\nregexTarget = 'line'\nregexes = ['key =']"), text))
                .isEmpty();
        assertThat(found(read(RULE + "[allowlist]\nregexes = ['key =']"), text)).hasSize(1);
        String both = RULE + "[[allowlists]]\ncondition = 'AND'\nstopwords = ['m5x']\npaths = ['%s']";
        assertThat(found(read(both.formatted("a\\.txt$")), text)).isEmpty();
        assertThat(found(read(both.formatted("b\\.txt$")), text)).hasSize(1);
        String targeted = RULE + "[[allowlists]]\ntargetRules = ['%s']\nstopwords = ['m5x']";
        assertThat(found(read(targeted.formatted("acme")), text)).isEmpty();
        assertThat(found(read(targeted.formatted("other")), text)).hasSize(1);
    }

    @Test
    void aRuleMayBeForSomeFilesOnly() throws IOException {
        String text = "acme_key = \"q8z1m5x0c7v2b4n9\"";
        assertThat(found(read(RULE + "path = '\\.txt$'"), text)).hasSize(1);
        assertThat(found(read(RULE + "path = '\\.env$'"), text)).isEmpty();
    }

    @Test
    void aRuleWithoutKeywordsIsTriedOnEverything() throws IOException {
        RuleSet set = read("[[rules]]\nid = 'plain'\nregex = 'q8z1[0-9a-z]{12}'");
        assertThat(set.warnings()).hasSize(1);
        assertThat(found(set, "x".repeat(30_000) + " q8z1m5x0c7v2b4n9")).hasSize(1);
    }

    @Test
    void whatNobodyKnowsIsAWarning() throws IOException {
        assertThat(read(RULE + "colour = 'red'").warnings())
                .containsExactly("rule acme: colour is not known, and passed over");
        assertThat(read("taste = 1\n" + RULE).warnings())
                .containsExactly("the file: taste is not known, and passed over");
        assertThat(read(RULE + "[[rules]]\nid = 'names'\npath = 'id_rsa$'").warnings())
                .hasSize(1);
    }

    @Test
    void whatWouldFindSomethingElseIsRefused() {
        refused(RULE + "[[rules.required]]\nid = 'other'", "rule acme is made of several");
        refused("[extend]\npath = 'base.toml'\n" + RULE, "extends another file");
        refused("[[rules]]\nid = 'a'\nregex = '(a'", "rule a: ");
        refused("[[rules]]\nid = 'a'\nregex = '(?=a)'", "rule a: ");
        refused("[[rules]]\nregex = 'a'", "without an id");
        refused(RULE + "[[rules]]\nid = 'a'\nregex = 'a'\nsecretGroup = 2", "has no group 2");
        refused(RULE + "confidence = 'sure'", "confidence");
        refused("[[rules]]\nid = 1", "should be a text");
        refused("title = 'none'", "has no rules");
        refused("[[rules", "is no TOML");
    }

    private void refused(String toml, String reason) {
        assertThatThrownBy(() -> read(toml)).isInstanceOf(RulesRefused.class).hasMessageContaining(reason);
    }

    private RuleSet read(String toml) throws IOException {
        return RuleSet.read(Files.writeString(directory.resolve("rules.toml"), toml));
    }

    private static List<String> found(RuleSet set, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Detector.ofFiles(set).scan(bytes, bytes.length, Place.file("dir/a.txt")).findings().stream()
                .map(finding -> finding.rule() + " " + finding.masked())
                .toList();
    }
}
