package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fyvault.factors.Challenge.Tie;
import com.fyvault.factors.Challenge.Use;
import com.fyvault.factors.PasskeyRefused.Reason;
import com.fyvault.support.Figures;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each refusal of a ceremony is for. */
class TamperedCeremoniesTest extends TestCeremonies {
    private final List<String> wrong = new ArrayList<>();
    private final Set<Reason> reasons = new TreeSet<>();
    private int cases;

    /** A way to spoil a ceremony. */
    private record Spoilt(String name, Reason reason, Consumer<TestAuthenticator.Ceremony> how) {}

    private void judge(String name, Reason expected, Supplier<?> ceremony) {
        cases++;
        @Nullable Throwable failure = catchThrowable(ceremony::get);
        Object found = failure instanceof PasskeyRefused refused ? refused.reason() : failure;
        if (!expected.equals(found)) {
            wrong.add(name + ": " + found);
        }
        reasons.add(expected);
    }

    @Test
    void eachTamperedCeremonyIsRefusedForItsOwnReason() {
        for (Spoilt spoilt : registrations()) {
            TestAuthenticator.Ceremony ceremony = authenticator.registration(challenge(REGISTER));
            spoilt.how().accept(ceremony);
            judge("registration, " + spoilt.name(), spoilt.reason(), () -> register(ceremony.toJson()));
        }
        garbledRegistrations();
        Passkey passkey = passkey();
        for (Spoilt spoilt : assertions()) {
            TestAuthenticator.Ceremony ceremony = assertion();
            spoilt.how().accept(ceremony);
            judge("assertion, " + spoilt.name(), spoilt.reason(), () -> login(ceremony.toJson(), passkey));
        }
        changedAfterSigning(passkey);
        Figures.print(new Figures.Line(
                "WEBAUTHN", "tampered ceremonies", cases, cases, wrong.size(), "reasons=" + reasons.size()));
        assertThat(wrong).isEmpty();
        assertThat(cases).isGreaterThanOrEqualTo(40);
    }

    private List<Spoilt> both(Use other, String otherType) {
        return List.of(
                new Spoilt("type of the other", Reason.TYPE, c -> c.type = otherType),
                new Spoilt(
                        "no challenge of ours",
                        Reason.CHALLENGE,
                        c -> c.challenge = TestAuthenticator.text(random.bytes(56))),
                new Spoilt(
                        "challenge for something else",
                        Reason.CHALLENGE,
                        c -> c.challenge = challenge(new Tie(other, null))),
                new Spoilt(
                        "challenge of another login",
                        Reason.CHALLENGE,
                        c -> c.challenge = challenge(new Tie(Use.REGISTER, new UUID(5, 7)))),
                new Spoilt("challenge cut short", Reason.CHALLENGE, c -> c.challenge = c.challenge.substring(4)),
                new Spoilt("empty challenge", Reason.CHALLENGE, c -> c.challenge = ""),
                new Spoilt("origin of a stranger", Reason.ORIGIN, c -> c.origin = "https://evil.example"),
                new Spoilt("origin below ours", Reason.ORIGIN, c -> c.origin = "https://x.vault.example.com:8443"),
                new Spoilt("origin without TLS", Reason.ORIGIN, c -> c.origin = "http://vault.example.com:8443"),
                new Spoilt("origin at another port", Reason.ORIGIN, c -> c.origin = "https://vault.example.com"),
                new Spoilt("within another site's page", Reason.CROSS_ORIGIN, c -> c.crossOrigin = true),
                new Spoilt("another relying party", Reason.RP_ID, c -> c.rpId = "vault.example.com"),
                new Spoilt(
                        "nobody touched it", Reason.USER_NOT_PRESENT, c -> c.flags &= ~TestAuthenticator.USER_PRESENT),
                new Spoilt(
                        "nobody was verified",
                        Reason.USER_NOT_VERIFIED,
                        c -> c.flags &= ~TestAuthenticator.USER_VERIFIED),
                new Spoilt(
                        "backed up, but may not be", Reason.BACKUP_FLAGS, c -> c.flags |= TestAuthenticator.BACKED_UP));
    }

    private List<Spoilt> registrations() {
        List<Spoilt> all = new ArrayList<>(both(Use.LOGIN, "webauthn.create2"));
        all.removeFirst();
        all.add(new Spoilt("an algorithm that was not offered", Reason.ALGORITHM, c -> c.algorithm = -35));
        all.add(new Spoilt("no key in it", Reason.MALFORMED, c -> c.flags &= ~TestAuthenticator.ATTESTED));
        all.add(new Spoilt("a name too long", Reason.MALFORMED, c -> c.credentialId = random.bytes(1_024)));
        all.add(new Spoilt("a statement where there is none", Reason.ATTESTATION, c -> c.statement = "sig"));
        all.add(new Spoilt("a format that does not exist", Reason.MALFORMED, c -> c.format = "unheard-of"));
        return all;
    }

    private List<Spoilt> assertions() {
        List<Spoilt> all = new ArrayList<>(both(Use.STEP_UP, "webauthn.create"));
        all.removeFirst();
        all.add(new Spoilt(
                "may be backed up of a sudden",
                Reason.BACKUP_FLAGS,
                c -> c.flags |= TestAuthenticator.BACKUP_ELIGIBLE));
        all.add(new Spoilt("another key", Reason.SIGNATURE, c -> c.signer = TestAuthenticator.keyPair()));
        all.add(new Spoilt("the same count again", Reason.SIGN_COUNT, c -> c.count = 3));
        all.add(new Spoilt("a lower count", Reason.SIGN_COUNT, c -> c.count = 2));
        all.add(new Spoilt("no count any more", Reason.SIGN_COUNT, c -> c.count = 0));
        all.add(new Spoilt(
                "somebody else's handle",
                Reason.USER_HANDLE,
                c -> c.userHandle = VerifyPasskey.handle(new UUID(1, 1))));
        all.add(new Spoilt(
                "a handle too short",
                Reason.USER_HANDLE,
                c -> c.userHandle = Arrays.copyOf(VerifyPasskey.handle(USER), 15)));
        all.add(new Spoilt("another credential", Reason.UNKNOWN, c -> c.credentialId = random.bytes(32)));
        return all;
    }

    private void garbledRegistrations() {
        TestAuthenticator.Ceremony good = authenticator.registration(challenge(REGISTER));
        byte[] data = good.authenticatorData();
        judge(
                "registration, cut short",
                Reason.MALFORMED,
                () -> register(
                        with(good, "attestationObject", good.attestation(Arrays.copyOf(data, data.length - 5)))));
        judge(
                "registration, with more behind it",
                Reason.MALFORMED,
                () -> register(
                        with(good, "attestationObject", good.attestation(Arrays.copyOf(data, data.length + 5)))));
        judge(
                "registration, no CBOR",
                Reason.MALFORMED,
                () -> register(with(good, "attestationObject", random.bytes(200))));
        judge(
                "registration, no JSON",
                Reason.MALFORMED,
                () -> register(with(good, "clientDataJSON", new byte[] {'{'})));
        JsonObject get = authenticator.assertion(challenge(REGISTER), null).toJson();
        judge(
                "registration, type of the other",
                Reason.TYPE,
                () -> register(with(
                        good,
                        "clientDataJSON",
                        Base64.getUrlDecoder()
                                .decode(get.getJsonObject("response").getString("clientDataJSON")))));
    }

    private void changedAfterSigning(Passkey passkey) {
        TestAuthenticator.Ceremony good = assertion();
        TestAuthenticator.Ceremony later = assertion();
        judge(
                "assertion, another count than signed",
                Reason.SIGNATURE,
                () -> login(with(good, "authenticatorData", later.authenticatorData()), passkey));
        judge(
                "assertion, other client data than signed",
                Reason.SIGNATURE,
                () -> login(with(good, "clientDataJSON", later.clientData()), passkey));
        judge(
                "assertion, signature of another one",
                Reason.SIGNATURE,
                () -> login(with(good, "signature", later.signature()), passkey));
        judge(
                "assertion, no signature",
                Reason.SIGNATURE,
                () -> login(with(good, "signature", new byte[] {0}), passkey));
        judge(
                "assertion, of zeros",
                Reason.SIGNATURE,
                () -> login(with(good, "signature", new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}), passkey));
        judge(
                "assertion, no authenticator data",
                Reason.MALFORMED,
                () -> login(with(good, "authenticatorData", new byte[36]), passkey));
        byte[] create = authenticator
                .registration(
                        TestAuthenticator.text(challenges.issue(LOGIN, NOW).bytes()))
                .clientData();
        judge("assertion, type of the other", Reason.TYPE, () -> login(with(good, "clientDataJSON", create), passkey));
    }
}
