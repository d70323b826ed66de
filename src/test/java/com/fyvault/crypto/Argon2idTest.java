package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.SeededRandom;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2idTest {
    private static final byte[] PASSWORD = "password".getBytes(StandardCharsets.UTF_8);
    /** From the tests of the reference implementation. */
    private static final String REFERENCE =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    @Test
    void computesWhatTheReferenceDoes() {
        assertThat(Argon2id.verify(PASSWORD, REFERENCE)).isTrue();
        assertThat(Argon2id.verify("differentpassword".getBytes(StandardCharsets.UTF_8), REFERENCE))
                .isFalse();
    }

    @Test
    void hashesWithTheCostsThatWereDecided() {
        String hash = Argon2id.hash(PASSWORD, new SeededRandom(1));
        assertThat(hash).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(Argon2id.verify(PASSWORD, hash)).isTrue();
        assertThat(Argon2id.hash(PASSWORD, new SeededRandom(2))).isNotEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password",
                "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=19456,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=4,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=19456,t=2,p=1$$",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AA",
                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$not base64!",
            })
    void whatIsNoHashOfReasonableCostsIsNobodysPassword(String hash) {
        assertThat(Argon2id.verify(PASSWORD, hash)).isFalse();
    }
}
