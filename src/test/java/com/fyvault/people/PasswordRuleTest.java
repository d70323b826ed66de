package com.fyvault.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRuleTest {
    private static final List<String> OWN = List.of("ada.lovelace@example.com", "Ada Lovelace", "Analytical Engines");

    private static void check(String password) {
        PasswordRule.check(PasswordRule.normalised(password.getBytes(StandardCharsets.UTF_8)), OWN);
    }

    private static void isRefused(String password) {
        assertThatThrownBy(() -> check(password))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PASSWORD_REFUSED))
                .message()
                .doesNotContain(password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "violet kettle under the stairs",
                "x7#Qm2!vLp9z",
                "корова читает газету",
                "ich möchte gern ein Eis",
                "🐄🚲🎻🌋🧊🪁🍉🛰️🦕🧵🪐🎲",
            })
    void aLongOneThatNobodyGuessesIsTaken(String password) {
        assertThatCode(() -> check(password)).doesNotThrowAnyException();
    }

    @Test
    void itsLengthIsCountedInCharactersNotInBytes() {
        isRefused("x7#Qm2!vLp9");
        check("x7#Qm2!vLp9z");
        isRefused("🐄🚲🎻🌋🧊🪁");
        check("x7#Qm2!vLp9z".repeat(21) + "abcd");
        isRefused("x7#Qm2!vLp9z".repeat(21) + "abcde");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "passwordpassword",
                "Password1234",
                "P@ssw0rd1234",
                "qwertyuiop12",
                "123456789012",
                "aaaaaaaaaaaa",
                "abcdefghijkl",
                "drowssapdrowssap",
                "iloveyouiloveyou",
                "ada.lovelace@example.com",
                "ADA.LOVELACE@EXAMPLE.COM",
                "adalovelace1",
                "Ada Lovelace",
                "ｐａｓｓｗｏｒｄ１２３４",
            })
    void aCommonOneOrOnesOwnIsRefused(String password) {
        isRefused(password);
    }

    @Test
    void everyLongOneOfTheBundledListIsRefused() {
        List<String> common = PasswordRule.common().stream()
                .filter(password -> password.codePointCount(0, password.length()) >= 12)
                .toList();
        assertThat(common).hasSizeGreaterThan(700);
        assertThat(common).allSatisfy(PasswordRuleTest::isRefused);
        assertThat(PasswordRule.common()).hasSizeGreaterThan(99_000);
    }

    @Test
    void theSamePasswordFromAnotherKeyboardIsTheSame() {
        byte[] composed = PasswordRule.normalised("m\u00f6chte".getBytes(StandardCharsets.UTF_8));
        byte[] decomposed = PasswordRule.normalised("mo\u0308chte".getBytes(StandardCharsets.UTF_8));
        assertThat(composed).isEqualTo(decomposed);
    }
}
