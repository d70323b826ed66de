package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fyvault.support.Figures;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both ceremonies with a real key. */
class CeremoniesTest extends TestCeremonies {
    @Test
    void aGoodRegistrationIsTaken() {
        TestAuthenticator.Ceremony ceremony = authenticator.registration(challenge(REGISTER));
        VerifyPasskey.Registered made = register(ceremony.toJson());
        assertThat(made.credentialId()).isEqualTo(authenticator.credentialId());
        assertThat(made.challenge().issuedAt()).isEqualTo(NOW);
        assertThat(made.backupEligible()).isFalse();
        assertThat(parsed(ceremony.toJson()).registration().transports()).containsExactly("internal");
        ceremony.flags |= TestAuthenticator.BACKUP_ELIGIBLE | TestAuthenticator.BACKED_UP;
        ceremony.origin = "https://second.example.com";
        ceremony.crossOrigin = null;
        assertThat(register(ceremony.toJson()).backupEligible()).isTrue();
    }

    @Test
    void aGoodAssertionIsTaken() {
        Passkey passkey = passkey();
        assertThat(login(assertion().toJson(), passkey).signCount()).isEqualTo(4);
        TestAuthenticator.Ceremony nameless = assertion();
        nameless.userHandle = null;
        assertThat(login(nameless.toJson(), passkey).signCount()).isEqualTo(5);
    }

    @Test
    void anAuthenticatorThatCountsNothingIsTaken() {
        Passkey counting = passkey();
        Passkey passkey = new Passkey(
                counting.id(), USER, counting.credentialId(), counting.attested(), "k", List.of(), false, 0, NOW, null);
        TestAuthenticator.Ceremony ceremony = assertion();
        ceremony.count = 0;
        assertThat(login(ceremony.toJson(), passkey).signCount()).isZero();
    }

    @Test
    void anyFlippedBitIsRefused() {
        Passkey passkey = passkey();
        TestAuthenticator.Ceremony good = assertion();
        JsonObject sent = good.toJson();
        int flipped = 0;
        List<String> taken = new ArrayList<>();
        for (String part : List.of("authenticatorData", "clientDataJSON", "signature")) {
            byte[] bytes =
                    Base64.getUrlDecoder().decode(sent.getJsonObject("response").getString(part));
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                JsonObject other = sent.copy();
                other.getJsonObject("response").put(part, TestAuthenticator.text(bytes));
                flipped++;
                if (!(catchThrowable(() -> login(other, passkey)) instanceof PasskeyRefused)) {
                    taken.add(part + " bit " + bit);
                }
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
        Figures.print(new Figures.Line("WEBAUTHN", "flipped bits of an assertion", flipped, flipped, taken.size(), ""));
        assertThat(taken).isEmpty();
        assertThat(login(sent, passkey).signCount()).isEqualTo(4);
    }
}
