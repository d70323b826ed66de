package com.fyvault.factors;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A server for passkeys of example.com, and people who make and use them. */
abstract class PasskeyServerTest extends ServerTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    final SeededRandom random = new SeededRandom(17);

    @Override
    protected Map<String, String> settings() {
        return Map.of("factors.rp.id", "example.com", "factors.rp.origins", FactorPerson.ORIGIN);
    }

    FactorPerson somebody() {
        return new FactorPerson(server, "key" + PEOPLE.incrementAndGet() + "@example.com");
    }

    TestAuthenticator authenticator() {
        return new TestAuthenticator(random, FactorPerson.ORIGIN, "example.com");
    }

    @CanIgnoreReturnValue
    static JsonObject add(FactorPerson person, TestAuthenticator authenticator, String name) {
        return Answers.created(person.addPasskey(name, authenticator.registration(person.creationChallenge())));
    }

    static Api.Answer login(FactorPerson person, TestAuthenticator authenticator) {
        return person.loginBy(authenticator.assertion(person.loginChallenge(), person.handle()));
    }

    static Api.Answer stepUp(FactorPerson person, TestAuthenticator authenticator) {
        return stepUp(person, authenticator.assertion(person.stepUpChallenge(), null));
    }

    static Api.Answer stepUp(FactorPerson person, TestAuthenticator.Ceremony ceremony) {
        return person.post("/auth/step-up", new JsonObject().put("passkey", ceremony.toJson()));
    }

    static JsonArray list(FactorPerson person) {
        return person.send("GET", "/users/me/passkeys", null).list();
    }
}
