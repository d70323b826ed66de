package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorTest {
    private static final Detector DETECTOR = Detector.ofFiles(RuleSet.own());
    private final Samples samples = new Samples(11);

    @Test
    void saysWhereItStandsAndShowsLittleOfIt() {
        String secret = samples.draw("github-pat");
        Finding finding = only("one\r\ntwo\n  key = " + secret + "\n");
        assertThat(finding.line()).isEqualTo(3);
        assertThat(finding.column()).isEqualTo(9);
        assertThat(finding.confidence()).isEqualTo(Confidence.HIGH);
        assertThat(finding.masked()).isEqualTo("ghp_****" + secret.substring(36));
    }

    @Test
    void showsNoneOfWhatIsShort() {
        assertThat(Finding.mask("hunter2hunt")).isEqualTo("****");
        assertThat(Finding.mask("hunter2hunte")).isEqualTo("hu****te");
        assertThat(Finding.mask("a".repeat(23))).isEqualTo("aa****aa");
        assertThat(Finding.mask("a".repeat(24))).isEqualTo("aaaa****aaaa");
        assertThat(Finding.mask("\u001b[2J" + "a".repeat(24))).isEqualTo("?[2J****aaaa");
    }

    @Test
    void tellsWhatStandsTwiceTwice() {
        String secret = samples.draw("stripe-secret-key");
        assertThat(found(secret + "\n" + secret).findings())
                .extracting(Finding::line)
                .containsExactly(1, 2);
        assertThat(found(secret + " " + samples.draw("npm-token")).findings())
                .extracting(Finding::rule)
                .containsExactly("stripe-secret-key", "npm-token");
    }

    @Test
    void aWordThatRunsIntoATokenIsNoToken() {
        String secret = samples.draw("stripe-secret-key");
        assertThat(found("x" + secret).findings()).isEmpty();
        assertThat(found("x_" + secret).findings()).isEmpty();
        assertThat(found("x-" + secret).findings()).hasSize(1);
        assertThat(found(samples.draw("digitalocean-token") + "0").findings()).isEmpty();
    }

    @Test
    void aLineCanSayThatItIsMeantToBeThere() {
        String secret = samples.draw("github-pat");
        assertThat(found(secret + " # fyvault:allow").findings()).isEmpty();
        assertThat(found(secret + " # gitleaks:allow\n" + secret).findings()).hasSize(1);
    }

    @Test
    void aContentHasAtMostAThousand() {
        String full = (samples.draw("github-pat") + "\n").repeat(Detector.MOST_FINDINGS);
        assertThat(found(full).findings()).hasSize(Detector.MOST_FINDINGS);
        assertThat(found(full).cut()).isFalse();
        Detector.Found more = found(full + samples.draw("npm-token"));
        assertThat(more.findings()).hasSize(Detector.MOST_FINDINGS);
        assertThat(more.cut()).isTrue();
    }

    @Test
    void whatCostsTooMuchIsSaidToBeCutShort() {
        String hostile = "-eyJ".repeat(256 * 1024);
        byte[] bytes = hostile.getBytes(StandardCharsets.US_ASCII);
        assertThat(Detector.ofTexts(RuleSet.own())
                        .scan(bytes, bytes.length, Place.file("a"))
                        .cut())
                .isTrue();
        assertThat(found(hostile).cut()).isTrue();
        assertThat(found("-eyJ".repeat(64)).cut()).isFalse();
    }

    @Test
    void aPrivateKeyIsFoundOverItsLinesAndOnOne() {
        String key = samples.draw("private-key");
        assertThat(only("\n" + key + "\n").line()).isEqualTo(2);
        assertThat(only("\"" + key.replace("\n", "\\n") + "\"").rule()).isEqualTo("private-key");
        assertThat(found("-----BEGIN PUBLIC KEY-----\n" + "A1b2C3d4".repeat(16)).findings())
                .isEmpty();
    }

    @Test
    void theCaseOfAKeywordDoesNotMatterWhereTheRuleSaysSo() {
        String secret = samples.draw("aws-secret-access-key").replace("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY");
        assertThat(only(secret).rule()).isEqualTo("aws-secret-access-key");
    }

    private static Finding only(String text) {
        List<Finding> findings = found(text).findings();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static Detector.Found found(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return DETECTOR.scan(bytes, bytes.length, Place.file("a.txt"));
    }
}
