package com.fyvault.proofs.doors;

import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.TokenKind;
import java.time.Duration;

/** How somebody comes: with a key, or in person where that is asked for. */
record Bearers(String key, String login, TestPeople people) {
    private static final String KEYS = "/api-keys";

    /** The same person with their key and logged in. */
    static Bearers of(TestServer server, String email, String key) {
        TestPeople people = new TestPeople(server);
        people.givePassword(email);
        return new Bearers(key, people.login(email), people);
    }

    /** The header for a route: a change of a key is a person's, or what the one request takes the other could not give back. */
    String at(Row row, Row.Line line) {
        boolean person = row.ofOrganization() && row.never().contains(TokenKind.API_KEY);
        boolean changesKey = !line.method().equals("GET") && line.path().contains(KEYS);
        return "Bearer " + (person || changesKey ? login : key);
    }

    /** Confirms the second factor again before a request that may ask for one of the last minutes. */
    void confirmFor(Row.Line line) {
        if (line.path().contains(KEYS)) {
            people.stepUp(login, Duration.ZERO);
        }
    }
}
