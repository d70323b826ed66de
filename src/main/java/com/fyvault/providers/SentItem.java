package com.fyvault.providers;

import com.fyvault.api.Call;
import com.fyvault.platform.http.Fields;
import com.fyvault.secrets.ProvidedSecrets;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value as a provider sends it, with where it is to go.
 *
 * @param environment null where it may be left out
 */
record SentItem(@Nullable String project, @Nullable String environment, ProvidedSecrets.Sent sent) {
    /** What a push may hold. */
    static final Set<String> PUSH = Set.of("secretName", "value", "environment", "project", "providerVersion");

    static final Set<String> ROTATION =
            Set.of("secretName", "value", "environment", "project", "providerVersion", "gracePeriodSeconds");
    static final int LONGEST = 128;
    private static final int LONGEST_NAME = 256;
    private static final int MOST_GRACE = 7 * 24 * 3600;

    /** Reads a push or a rotation; a field that it does not take is refused. */
    static SentItem read(Call call, UUID provider, Fields body, Set<String> known) {
        body.refuseAllBut(known);
        byte @Nullable [] value = body.secret("value");
        String name = body.text("secretName", LONGEST_NAME);
        if (value == null) {
            throw Fields.invalid("value", "is missing");
        }
        @Nullable String environment = body.optionalText("environment", LONGEST);
        if (environment != null && environment.isBlank()) {
            throw Fields.invalid("environment", "is empty");
        }
        @Nullable Long grace = body.optionalNumber("gracePeriodSeconds", 0, MOST_GRACE);
        return new SentItem(
                Itself.project(call, body.optionalText("project", LONGEST)),
                environment,
                new ProvidedSecrets.Sent(
                        provider,
                        name,
                        value,
                        body.optionalNumber("providerVersion", 0, Long.MAX_VALUE),
                        grace == null ? 0 : grace));
    }

    /** The same of a push, which always says where to. */
    static SentItem ofPush(Call call, UUID provider, Fields body) {
        SentItem item = read(call, provider, body, PUSH);
        if (item.environment() == null) {
            throw Fields.invalid("environment", "is missing");
        }
        return item;
    }
}
