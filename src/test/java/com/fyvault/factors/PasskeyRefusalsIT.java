package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Answers with 401: ceremonies that nobody is let in by, and what the person's record says of them. */
class PasskeyRefusalsIT extends PasskeyServerTest {
    private void refusedFor(String reason, FactorPerson person, Api.Answer answer) {
        isRefused(answer, 401, "PASSKEY_REFUSED");
        assertThat(answer.text()).doesNotContain(reason);
        assertThat(person.event("login")).isEqualTo("refused {\"reason\": \"passkey, " + reason + "\"}");
    }

    @Test
    void tamperedLoginsAndTheRecordSaysWhy() {
        FactorPerson person = somebody();
        TestAuthenticator authenticator = authenticator();
        add(person, authenticator, "laptop");
        TestAuthenticator.Ceremony origin = authenticator.assertion(person.loginChallenge(), person.handle());
        origin.origin = "https://vault.example.com.evil.example";
        refusedFor("origin", person, person.loginBy(origin));
        TestAuthenticator.Ceremony unverified = authenticator.assertion(person.loginChallenge(), person.handle());
        unverified.flags &= ~TestAuthenticator.USER_VERIFIED;
        refusedFor("user_not_verified", person, person.loginBy(unverified));
        TestAuthenticator.Ceremony forged = authenticator.assertion(person.loginChallenge(), person.handle());
        forged.signer = TestAuthenticator.keyPair();
        refusedFor("signature", person, person.loginBy(forged));
        TestAuthenticator.Ceremony other = authenticator.assertion(person.stepUpChallenge(), person.handle());
        refusedFor("challenge", person, person.loginBy(other));
        person.take(login(person, authenticator));
    }

    @Test
    void aSignatureIsGoodOnce() {
        FactorPerson person = somebody();
        TestAuthenticator authenticator = authenticator();
        add(person, authenticator, "laptop");
        TestAuthenticator.Ceremony ceremony = authenticator.assertion(person.loginChallenge(), person.handle());
        person.take(person.loginBy(ceremony));
        refusedFor("sign_count", person, person.loginBy(ceremony));
        TestAuthenticator.Ceremony again = authenticator.assertion(ceremony.challenge, person.handle());
        refusedFor("replayed", person, person.loginBy(again));
    }

    @Test
    void ofManyAtOnceWithOneSignatureOneGetsIn() {
        FactorPerson person = somebody();
        TestAuthenticator authenticator = authenticator();
        add(person, authenticator, "laptop");
        TestAuthenticator.Ceremony ceremony = authenticator.assertion(person.loginChallenge(), person.handle());
        ceremony.count = 0;
        String body = new JsonObject().put("credential", ceremony.toJson()).encode();
        List<CompletableFuture<Api.Answer>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(server.api(null).sendLater("POST", "//api/v1/auth/passkey/login", body));
        }
        List<Integer> statuses = all.stream().map(one -> one.join().status()).toList();
        long won = statuses.stream().filter(status -> status == 200).count();
        Figures.print(new Figures.Line("T41", "one signature, 64 logins at once", 0, 64, won == 1 ? 0 : 1, ""));
        assertThat(won).isEqualTo(1);
        assertThat(statuses.stream().filter(status -> status != 200))
                .allMatch(status -> status == 401 || status == 429 || status == 503);
    }

    @Test
    void aStrangersPasskeyStepsNobodyUp() {
        FactorPerson person = somebody();
        add(person, authenticator(), "laptop");
        FactorPerson stranger = somebody();
        TestAuthenticator theirs = authenticator();
        add(stranger, theirs, "theirs");
        isRefused(stepUp(person, theirs.assertion(person.stepUpChallenge(), null)), 401, "PASSKEY_REFUSED");
        isRefused(stepUp(person, theirs.assertion(person.stepUpChallenge(), person.handle())), 401, "PASSKEY_REFUSED");
        isRefused(person.loginBy(theirs.assertion(person.loginChallenge(), person.handle())), 401, "PASSKEY_REFUSED");
        isRefused(stepUp(stranger, theirs.assertion(person.stepUpChallenge(), null)), 401, "PASSKEY_REFUSED");
        assertThat(stepUp(stranger, theirs).status()).isEqualTo(200);
    }

    @Test
    void anUnknownOneAndOneThatDoesNotSayWhose() {
        FactorPerson person = somebody();
        isRefused(login(person, authenticator()), 401, "PASSKEY_REFUSED");
        TestAuthenticator authenticator = authenticator();
        add(person, authenticator, "laptop");
        isRefused(person.loginBy(authenticator.assertion(person.loginChallenge(), null)), 401, "PASSKEY_REFUSED");
    }

    @Test
    void tamperedRegistrations() {
        FactorPerson person = somebody();
        TestAuthenticator.Ceremony ceremony = authenticator().registration(person.creationChallenge());
        ceremony.crossOrigin = true;
        isRefused(person.addPasskey("x", ceremony), 401, "PASSKEY_REFUSED");
        assertThat(person.event("factor_add")).isEqualTo("refused {\"reason\": \"passkey, cross_origin\"}");
        isRefused(
                person.addPasskey("x", authenticator().registration(person.loginChallenge())), 401, "PASSKEY_REFUSED");
        isRefused(
                person.addPasskey("x", authenticator().registration(somebody().creationChallenge())),
                401,
                "PASSKEY_REFUSED");
        String challenge = person.creationChallenge();
        assertThat(person.addPasskey("x", authenticator().registration(challenge))
                        .status())
                .isEqualTo(201);
        isRefused(person.addPasskey("y", authenticator().registration(challenge)), 401, "PASSKEY_REFUSED");
        assertThat(list(person)).hasSize(1);
    }
}
