package com.fyvault.federation;

import com.fyvault.api.Ids;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Query;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange is asked with: an identity token and an organization.
 *
 * @param orgId null for what is no id, and so of no organization
 */
record ExchangeRequest(String token, @Nullable UUID orgId) {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final Set<String> SUBJECT_TYPES =
            Set.of("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token");
    private static final int LONGEST = 512;
    /** So that a token which is too long is refused as a token. */
    private static final int LONGEST_TOKEN = 2 * IdentityToken.LONGEST;

    /** {@code idToken} and {@code orgId}, as the SDK sends them. */
    static ExchangeRequest github(Buffer body) {
        try (Fields fields = Fields.parse(body.getBytes())) {
            return new ExchangeRequest(fields.text("idToken", LONGEST_TOKEN), Ids.parse(fields.text("orgId", LONGEST)));
        }
    }

    /** A token exchange (RFC 8693), as a form or as JSON; the organization is {@code orgId}, audience or resource. */
    static ExchangeRequest rfc8693(@Nullable String contentType, Buffer body) {
        boolean form = contentType != null
                && contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        byte[] json = form ? json(body).getBytes() : body.getBytes();
        try (Fields fields = Fields.parse(json)) {
            if (!GRANT.equals(fields.text("grantType", LONGEST))) {
                throw Fields.invalid("grant_type", "must be " + GRANT);
            }
            if (!SUBJECT_TYPES.contains(fields.text("subjectTokenType", LONGEST))) {
                throw Fields.invalid("subject_token_type", "must be that of a jwt or id_token");
            }
            @Nullable String wanted = fields.optionalText("requestedTokenType", LONGEST);
            if (wanted != null && !ACCESS_TOKEN.equals(wanted)) {
                throw Fields.invalid("requested_token_type", "must be that of an access_token");
            }
            if (fields.has("actorToken")) {
                throw Fields.invalid("actor_token", "is not taken");
            }
            return new ExchangeRequest(fields.text("subjectToken", LONGEST_TOKEN), Ids.parse(organization(fields)));
        }
    }

    /** The type of token that an exchange gives. */
    static String issuedType() {
        return ACCESS_TOKEN;
    }

    private static String organization(Fields fields) {
        for (String name : List.of("orgId", "audience")) {
            @Nullable String id = fields.optionalText(name, LONGEST);
            if (id != null) {
                return id;
            }
        }
        String resource = fields.text("resource", LONGEST);
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    /** A form as an object of texts; a field given twice is refused, as RFC 6749 has it. */
    private static Buffer json(Buffer body) {
        JsonObject object = new JsonObject();
        Map<String, List<String>> form = Query.parameters("?" + body.toString(StandardCharsets.UTF_8));
        form.forEach((name, values) -> {
            if (values.size() > 1) {
                throw Refusal.of(ErrorCode.INVALID_FIELD, "A field is given twice");
            }
            object.put(name, values.get(0));
        });
        return object.toBuffer();
    }
}
