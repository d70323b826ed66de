package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files in docs/scanning, for people with other scanners: they find each of our formats. */
class ReadyMadeRulesTest {
    private static final Path FILES =
            Path.of(System.getProperty("fyvault.basedir", ".")).resolve("docs/scanning");
    private static final List<String> OURS = new Samples(1)
            .templates().keySet().stream()
                    .filter(id -> id.startsWith("fyvault-"))
                    .toList();

    private final Samples samples = new Samples(2);

    @Test
    void gitleaksFindsThemByTheirNames() throws IOException {
        String file = Files.readString(FILES.resolve("fyvault.gitleaks.toml"));
        assertThat(file).contains("useDefault = true");
        // Alone, as gitleaks would have them without its own: no field is ours, and no checksum helps.
        RuleSet set = RuleFile.parse(file.replace("useDefault = true", "useDefault = false"), RuleSet::own);
        assertThat(set.warnings()).isEmpty();
        assertThat(set.rules()).extracting(Rule::id).containsExactlyInAnyOrderElementsOf(OURS);
        assertThat(set.rules()).allMatch(rule -> rule.facts().checksum() == Checksum.NONE);
        for (String id : OURS) {
            byte[] text = ("key: \"" + samples.draw(id) + "\"\n").getBytes(StandardCharsets.UTF_8);
            assertThat(Detector.ofFiles(set)
                            .scan(text, text.length, Place.file("a"))
                            .findings())
                    .extracting(Finding::rule)
                    .containsExactly(id);
        }
    }

    @Test
    void trufflehogHasADetectorForEach() throws IOException {
        String file = Files.readString(FILES.resolve("fyvault.trufflehog.yaml"));
        assertThat(file).startsWith("#").contains("\ndetectors:\n");
        String[] detectors = file.split("\n  - name: ");
        assertThat(detectors).hasSize(OURS.size() + 1);
        for (int i = 1; i < detectors.length; i++) {
            List<String> lines = detectors[i].lines().toList();
            assertThat(lines).hasSize(5);
            assertThat(OURS).contains(lines.get(0));
            assertThat(lines.get(1)).isEqualTo("    keywords:");
            assertThat(lines.get(3)).isEqualTo("    regex:");
            assertThat(lines.get(4)).startsWith("      secret: '").endsWith("'");
            String regex = lines.get(4)
                    .substring("      secret: '".length(), lines.get(4).length() - 1);
            String secret = samples.draw(lines.get(0));
            assertThat(secret).startsWith(lines.get(2).strip().substring(2));
            // The first group is what trufflehog takes for the secret.
            var matcher = Pattern.compile(regex).matcher("key: \"" + secret + "\"");
            assertThat(matcher.find()).isTrue();
            assertThat(matcher.group(1)).isEqualTo(secret);
        }
    }
}
