package com.fyvault.factors;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SubKeys;
import com.fyvault.factors.Challenge.Tie;
import com.fyvault.factors.Challenge.Use;
import com.fyvault.platform.http.Fields;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A relying party, an authenticator, and the ceremonies between them. */
class TestCeremonies {
    static final String ORIGIN = "https://vault.example.com:8443";
    static final UUID USER = new UUID(0x0123456789ab7000L, 0x8000000000000001L);
    static final UUID SESSION = new UUID(5, 6);
    static final Tie REGISTER = new Tie(Use.REGISTER, SESSION);
    static final Tie LOGIN = new Tie(Use.LOGIN, null);
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456Z");

    final SeededRandom random = new SeededRandom(7);
    final RowSeal seals = new RowSeal(SubKeys.derive(random.bytes(32)).rowSeal());
    final Challenge.Source challenges = new Challenge.Source(seals, random);
    final VerifyPasskey verify = new VerifyPasskey(
            new RelyingParty("example.com", "FyVault", Set.of(ORIGIN, "https://second.example.com")), challenges);
    final TestAuthenticator authenticator = new TestAuthenticator(random, ORIGIN, "example.com");

    String challenge(Tie tie) {
        return TestAuthenticator.text(challenges.issue(tie, NOW).bytes());
    }

    VerifyPasskey.Registered register(JsonObject sent) {
        return verify.registration(parsed(sent).registration(), REGISTER);
    }

    VerifyPasskey.Asserted login(JsonObject sent, Passkey passkey) {
        return verify.assertion(parsed(sent).assertion(), passkey, LOGIN);
    }

    static SentKey parsed(JsonObject sent) {
        return SentKey.of(
                Fields.parse(new JsonObject().put("k", sent).toBuffer().getBytes()), "k");
    }

    Passkey passkey() {
        VerifyPasskey.Registered made =
                register(authenticator.registration(challenge(REGISTER)).toJson());
        return new Passkey(
                new UUID(0, 9),
                USER,
                made.credentialId(),
                made.attested(),
                "k",
                List.of(),
                made.backupEligible(),
                3,
                NOW,
                null);
    }

    /** One that counts on from the stored number. */
    TestAuthenticator.Ceremony assertion() {
        TestAuthenticator.Ceremony ceremony = authenticator.assertion(challenge(LOGIN), VerifyPasskey.handle(USER));
        ceremony.count += 3;
        return ceremony;
    }

    static JsonObject with(TestAuthenticator.Ceremony good, String part, byte[] bytes) {
        JsonObject sent = good.toJson();
        sent.getJsonObject("response").put(part, TestAuthenticator.text(bytes));
        return sent;
    }
}
