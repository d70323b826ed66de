package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests of an organization that now asks for a second factor and now does not, at two nodes. After each it does not. */
abstract class FactorPolicyTest extends ServerTest {
    /** Of a secret that there is. */
    static final String VALUE = "/secrets/by-name/STRIPE/value";

    TestServer second;
    TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    final void prepare() {
        second = server.secondNode();
        people = new TestPeople(server);
        server.createSecret("STRIPE", "sk");
    }

    @AfterAll
    final void stop() {
        second.close();
    }

    @AfterEach
    final void clear() {
        require(false);
    }

    @CanIgnoreReturnValue
    final JsonObject require(boolean factor) {
        Api.Answer answer = owner.patch("/policy", new JsonObject().put("requireSecondFactor", factor));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data();
    }

    /** Somebody with a password alone, logged in, and a member. */
    final FactorPerson member(String email, Role role) {
        FactorPerson person = new FactorPerson(server, email);
        people.join(person.id(), server.orgId(), role);
        return person;
    }
}
