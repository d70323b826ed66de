package com.fyvault.factors;

import com.fyvault.api.Answer;
import com.fyvault.people.PersonCall;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/// What second factors a person has.
final class ShowFactors {
    private final FactorStore store;

    ShowFactors(FactorStore store) {
        this.store = store;
    }

    /// `GET /users/me/factors`
    Future<Answer> show(PersonCall call) {
        return store.enrolled(call.person().userId())
                .map(enrolled -> Answer.ok(new JsonObject()
                        .put("enrolled", enrolled.any())
                        .put("totp", enrolled.totpSince() != null)
                        .put(
                                "totpSince",
                                enrolled.totpSince() == null
                                        ? null
                                        : enrolled.totpSince().toString())
                        .put("passkeys", enrolled.passkeys())
                        .put("recoveryCodesLeft", enrolled.recoveryCodes())));
    }
}
