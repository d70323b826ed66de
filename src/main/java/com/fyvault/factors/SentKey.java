package com.fyvault.factors;

import com.fyvault.platform.http.Fields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a browser sends of a passkey: `PublicKeyCredential.toJSON()` (WebAuthn, 5.1), bytes in base64url without
/// padding.
final class SentKey {
    private static final int MOST_BYTES = 16 * 1024;
    private static final Set<String> TRANSPORTS = Set.of("usb", "nfc", "ble", "smart-card", "hybrid", "internal");

    private final String name;
    private final JsonObject key;
    private final JsonObject response;

    private SentKey(String name, JsonObject key, JsonObject response) {
        this.name = name;
        this.key = key;
        this.response = response;
    }

    /// A new key.
    record Registration(byte[] clientData, byte[] attestation, List<String> transports) {}

    /// A signature of a key that is known.
    record Assertion(
            byte[] credentialId,
            byte[] clientData,
            byte[] authenticatorData,
            byte[] signature,
            byte @Nullable [] userHandle) {}

    /// The field of that name; INVALID_FIELD when it is no such object.
    static SentKey of(Fields body, String name) {
        @Nullable String text = body.optionalObject(name, MOST_BYTES);
        if (text == null) {
            throw Fields.invalid(name, "is missing");
        }
        JsonObject key = new JsonObject(text);
        if (!"public-key".equals(key.getValue("type")) || !(key.getValue("response") instanceof JsonObject response)) {
            throw Fields.invalid(name, "is not what PublicKeyCredential.toJSON gives");
        }
        return new SentKey(name, key, response);
    }

    Registration registration() {
        return new Registration(
                bytes(response, "clientDataJSON"),
                bytes(response, "attestationObject"),
                transports(response.getValue("transports")));
    }

    Assertion assertion() {
        return new Assertion(
                bytes(key, "rawId"),
                bytes(response, "clientDataJSON"),
                bytes(response, "authenticatorData"),
                bytes(response, "signature"),
                response.getValue("userHandle") == null ? null : bytes(response, "userHandle"));
    }

    private byte[] bytes(JsonObject object, String field) {
        if (object.getValue(field) instanceof String text && !text.isEmpty() && text.indexOf('=') < 0) {
            try {
                return Base64.getUrlDecoder().decode(text);
            } catch (IllegalArgumentException malformed) {
                throw wrong(field);
            }
        }
        throw wrong(field);
    }

    private RuntimeException wrong(String field) {
        return Fields.invalid(name + "." + field, "must be base64url without padding");
    }

    /// Only hints for the browser: what is not known is left out.
    private static List<String> transports(@Nullable Object sent) {
        return sent instanceof JsonArray list
                ? list.stream()
                        .filter(TRANSPORTS::contains)
                        .map(String.class::cast)
                        .distinct()
                        .toList()
                : List.of();
    }
}
