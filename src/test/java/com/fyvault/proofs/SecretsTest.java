package com.fyvault.proofs;

import static com.fyvault.support.Answers.created;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;

/** Tests of the routes of secrets, each with secrets of its own. */
abstract class SecretsTest extends ServerTest {
    private int number;

    /** A new secret. */
    final JsonObject secret() {
        return created(owner.post("/secrets", named("NAME_" + ++number)));
    }

    /** What is sent to make a secret. */
    static JsonObject named(String name) {
        return Bodies.named(name).put("secretType", "API_KEY").put("value", "value of " + name);
    }

    /** A client with a session of this scope only. */
    final Api limited(String scope) {
        return owner.as(created(owner.post("/access-tokens", new JsonObject().put("scopes", Bodies.texts(scope))))
                .getString("token"));
    }
}
