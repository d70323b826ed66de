package com.fyvault.factors;

import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server, and people with and without an authenticator app. */
abstract class TotpServerTest extends ServerTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    FactorPerson somebody() {
        return new FactorPerson(server, "totp" + PEOPLE.incrementAndGet() + "@example.com");
    }

    FactorPerson enrolled() {
        FactorPerson person = somebody();
        person.enrolTotp();
        return person;
    }

    static JsonObject code(String code) {
        return new JsonObject().put("code", code);
    }

    /** Six digits that are not what the app shows around now. */
    static String wrong(FactorPerson person) {
        List<String> near =
                List.of(person.shown(-2), person.shown(-1), person.shown(), person.shown(1), person.shown(2));
        return List.of("000000", "111111", "222222", "333333", "444444", "555555").stream()
                .filter(code -> !near.contains(code))
                .findFirst()
                .orElseThrow();
    }
}
