package com.fyvault.providers;

import com.fyvault.credentials.KeyRequest;
import com.fyvault.platform.http.Fields;
import com.fyvault.tokens.Scope;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of a provider. Any other field is refused: it may be one of the provider's own
 * API, which is spoken with its token, and is no setting.
 *
 * @param webhookUrl where it is to be told of what is its own; empty for nowhere, null to leave that as it is
 * @param secretPrefix how the names of its secrets begin; empty for any
 */
record ProviderRequest(
        String type,
        @Nullable String description,
        @Nullable String secretPrefix,
        @Nullable String webhookUrl,
        KeyRequest key) {
    private static final String PREFIX = "allowedSecretPrefix";
    private static final String WEBHOOK = "webhookUrl";
    private static final String USUAL_TYPE = "custom";
    private static final int LONGEST_TYPE = 64;
    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final int LONGEST_PREFIX = 128;
    private static final Set<String> SETTINGS =
            Set.of("description", "allowedEnvironments", PREFIX, "rateLimitRpm", "limits", "ipAllowlist", WEBHOOK);
    private static final Set<String> NEW = withName();

    /** Of a new provider, which may write and never read. */
    static ProviderRequest ofNew(Fields body) {
        body.refuseAllBut(NEW);
        ProviderRequest request = parse(body);
        if (request.key().label() == null) {
            throw Fields.invalid("name", "is missing");
        }
        return new ProviderRequest(
                request.type(),
                request.description(),
                request.secretPrefix(),
                request.webhookUrl(),
                request.key().scopedTo(Scope.SECRETS_WRITE));
    }

    /** Of one that is there; its name and type stay. */
    static ProviderRequest ofSettings(Fields body) {
        body.refuseAllBut(SETTINGS);
        return parse(body);
    }

    private static ProviderRequest parse(Fields body) {
        @Nullable String type = body.optionalText("providerType", LONGEST_TYPE);
        if (type != null && type.isBlank()) {
            throw Fields.invalid("providerType", "is empty");
        }
        @Nullable String prefix = body.optionalText(PREFIX, LONGEST_PREFIX);
        KeyRequest key = KeyRequest.parse(body);
        return new ProviderRequest(
                type == null ? USUAL_TYPE : type,
                body.optionalText("description", LONGEST_DESCRIPTION),
                prefix,
                body.optionalText(WEBHOOK, WebhookAddress.LONGEST),
                prefix == null ? key : key.confinedTo(PREFIX, prefix));
    }

    private static Set<String> withName() {
        Set<String> all = new HashSet<>(SETTINGS);
        all.add("name");
        all.add("providerType");
        return Set.copyOf(all);
    }
}
