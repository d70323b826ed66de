package com.fyvault.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada@Example.com",
                " ada@example.com\t",
                "ADA@EXAMPLE.COM",
                "\uff41da@example.com",
                "ada@\uff45xample.com",
                "ada\uff20example.com",
            })
    void spellingsOfOneAddressAreOne(String text) {
        assertThat(Email.keyOf(text)).isEqualTo("ada@example.com");
    }

    @Test
    void mailGoesToWhatWasWritten() {
        Email email = Objects.requireNonNull(Email.parse(" Ada.L@Example.com "));
        assertThat(email.mailbox()).isEqualTo("Ada.L@Example.com");
        assertThat(email.key()).isEqualTo("ada.l@example.com");
        assertThat(email).hasToString("Email[..]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "@example.com",
                "ada@",
                "ada@@example.com",
                "ada @example.com",
                "ada@exa mple.com",
                "ada@example.com\nbcc: eve@example.com",
                "\"ada\"@example.com",
                "ada@example..com",
                "ada@-example.com",
                "a,b@example.com",
                "<ada@example.com>",
                "ada@example.com.",
                "ada\u200b@example.com",
                "\u202eada@example.com",
                "ada\u2028x@example.com",
                "a\u00adda@example.com",
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(Email.parse(text)).isNull();
    }

    @Test
    void anAddressIsAtMost254CharactersLong() {
        String domain = "d".repeat(60) + "." + "e".repeat(60) + "." + "f".repeat(60);
        String local = "a".repeat(64);
        String longest = local + "@" + domain + "." + "g".repeat(254 - 64 - 1 - domain.length() - 1);
        assertThat(longest).hasSize(Email.LONGEST);
        assertThat(Email.parse(longest)).isNotNull();
        assertThat(Email.parse(longest + "g")).isNull();
        assertThat(Email.parse("a".repeat(65) + "@example.com")).isNull();
    }

    @Test
    void aKeyOfAKeyIsItself() {
        for (String text : new String[] {"İ@x.org", "ß@x.org", "Σ@x.org", "ﬁ@x.org", "K@x.org", "x"}) {
            assertThat(Email.keyOf(Email.keyOf(text))).isEqualTo(Email.keyOf(text));
        }
    }
}
