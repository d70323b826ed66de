package com.fyvault.factors;

import com.fyvault.people.Person;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;

/// What a browser asks an authenticator with, in the form that `parseCreationOptionsFromJSON` and
/// `parseRequestOptionsFromJSON` take (WebAuthn, 5.1).
final class PasskeyOptions {
    private PasskeyOptions() {}

    /// For a new one: kept by the authenticator itself, so that nobody has to say who they are, and used only after it
    /// has verified its person, so that it is two factors in one.
    static JsonObject creation(RelyingParty party, Person person, Challenge challenge, List<Passkey> known) {
        JsonArray algorithms = new JsonArray();
        VerifyPasskey.ALGORITHMS.forEach(algorithm ->
                algorithms.add(new JsonObject().put("type", "public-key").put("alg", algorithm.getValue())));
        return new JsonObject()
                .put("rp", new JsonObject().put("id", party.id()).put("name", party.name()))
                .put(
                        "user",
                        new JsonObject()
                                .put("id", text(VerifyPasskey.handle(person.userId())))
                                .put("name", person.email())
                                .put("displayName", person.email()))
                .put("challenge", text(challenge.bytes()))
                .put("pubKeyCredParams", algorithms)
                .put("timeout", Challenge.LIFE.toMillis())
                .put("excludeCredentials", named(known))
                .put(
                        "authenticatorSelection",
                        new JsonObject()
                                .put("residentKey", "required")
                                .put("requireResidentKey", true)
                                .put("userVerification", "required"))
                .put("attestation", "none");
    }

    /// For a signature.
    ///
    /// @param known the person's passkeys; none when it is not known yet whose it will be
    static JsonObject request(RelyingParty party, Challenge challenge, List<Passkey> known) {
        return new JsonObject()
                .put("rpId", party.id())
                .put("challenge", text(challenge.bytes()))
                .put("timeout", Challenge.LIFE.toMillis())
                .put("allowCredentials", named(known))
                .put("userVerification", "required");
    }

    private static JsonArray named(List<Passkey> passkeys) {
        JsonArray names = new JsonArray();
        passkeys.forEach(passkey -> names.add(new JsonObject()
                .put("type", "public-key")
                .put("id", text(passkey.credentialId()))
                .put("transports", new JsonArray(passkey.transports()))));
        return names;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
