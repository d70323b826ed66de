package com.fyvault.proofs.doors;

import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.TokenKind;

/** How somebody comes: with a key, or in person where no key is let in but a person is. */
record Bearers(String key, String login) {
    /** The same person with their key and logged in. */
    static Bearers of(TestServer server, String email, String key) {
        TestPeople people = new TestPeople(server);
        people.givePassword(email);
        return new Bearers(key, people.login(email));
    }

    /** The header for a route. */
    String at(Row row) {
        boolean person = row.ofOrganization() && row.never().contains(TokenKind.API_KEY);
        return "Bearer " + (person ? login : key);
    }
}
