package com.fyvault.providers;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who a provider is when it calls by itself. */
final class Itself {
    private Itself() {}

    /** The provider behind the call, which must be the one in its path: any other is absent. */
    static UUID of(Call call) {
        UUID provider = call.decision().principalId();
        if (!provider.equals(call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND))) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        call.record().detail("provider_id", provider.toString());
        return provider;
    }

    /** The project that the body names, else the only one that the provider reaches; null for the default one. */
    static @Nullable String project(Call call, @Nullable String named) {
        @Nullable Set<UUID> reached = call.decision().projects();
        return named == null && reached != null && reached.size() == 1
                ? reached.iterator().next().toString()
                : named;
    }
}
