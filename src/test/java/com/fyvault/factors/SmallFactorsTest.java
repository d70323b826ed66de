package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.OneTimeCode;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SubKeys;
import com.fyvault.support.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallFactorsTest {
    private final SeededRandom random = new SeededRandom(3);
    private final RecoveryCodes recovery =
            new RecoveryCodes(new RowSeal(SubKeys.derive(random.bytes(32)).rowSeal()), random);

    /** RFC 4648, section 10, without its padding. */
    @ParameterizedTest
    @CsvSource({"f,MY", "fo,MZXQ", "foo,MZXW6", "foob,MZXW6YQ", "fooba,MZXW6YTB", "foobar,MZXW6YTBOI"})
    void base32AgreesWithThePublishedVectors(String text, String expected) {
        assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(expected);
    }

    @Test
    void anAppIsGivenWhatItCanRead() {
        byte[] secret = random.bytes(OneTimeCode.SECRET_LENGTH);
        var json = new Enrolment("Fy Vault", "a+b@example.com", secret).toJson();
        String text = json.getString("secret");
        assertThat(text).hasSize(32).matches("[A-Z2-7]+");
        assertThat(json.getString("uri"))
                .isEqualTo("otpauth://totp/Fy%20Vault:a%2Bb%40example.com?secret=" + text
                        + "&issuer=Fy%20Vault&algorithm=SHA1&digits=6&period=30");
        assertThat(new Enrolment("Fy Vault", "a", secret).toString()).doesNotContain(text);
    }

    @Test
    void theCodeIsAPictureWithoutScriptOrReference() {
        String svg = QrCode.svg("otpauth://totp/x");
        assertThat(svg)
                .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 33 33\"")
                .endsWith("</svg>");
        assertThat(svg.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "script", "href", "&", "on");
        // The three finders: each begins with seven dark modules, in the corners that every code has them in.
        for (String corner : List.of("M4,4h1", "M10,4h1", "M28,4h1", "M4,28h1", "M22,4h1")) {
            assertThat(svg).contains(corner);
        }
        // And the ring around the finder's core is light.
        assertThat(svg).doesNotContain("M5,5h1").doesNotContain("M9,9h1");
    }

    @Test
    void recoveryCodesAreTenOfEightyBitsAndAllDiffer() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            List<String> codes = recovery.draw();
            assertThat(codes).hasSize(10).allMatch(RecoveryCodes::isCode);
            assertThat(codes).allMatch(code -> code.replace("-", "").length() * 5 == 80);
            seen.addAll(codes);
        }
        assertThat(seen).hasSize(1_000);
    }

    @Test
    void aRecoveryCodeIsItsOwnersAndItsCaseDoesNotMatter() {
        UUID user = new UUID(1, 2);
        String code = recovery.draw().get(0);
        byte[] hash = recovery.hash(user, code);
        assertThat(recovery.hash(user, code.toUpperCase(Locale.ROOT))).isEqualTo(hash);
        assertThat(recovery.hash(new UUID(1, 3), code)).isNotEqualTo(hash);
        assertThat(recovery.hash(user, recovery.draw().get(0))).isNotEqualTo(hash);
    }

    @Test
    void onlyTheShapeThatWasShownIsARecoveryCode() {
        String code = recovery.draw().get(0);
        assertThat(RecoveryCodes.isCode(code)).isTrue();
        for (String wrong : List.of(
                code + " ",
                " " + code,
                code.replace("-", ""),
                code.replace('-', ' '),
                code.replace('-', '\u2010'),
                code.substring(1),
                code + "a",
                "0" + code.substring(1),
                "\uff41" + code.substring(1),
                "")) {
            assertThat(RecoveryCodes.isCode(wrong)).as(wrong).isFalse();
        }
    }
}
