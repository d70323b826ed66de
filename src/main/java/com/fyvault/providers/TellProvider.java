package com.fyvault.providers;

import com.fyvault.api.Call;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says where a provider is told of what is its own. A login that does so is asked for its second factor. */
public final class TellProvider {
    private final ProviderHooks hooks;
    private final WebhookAddress addresses;

    public TellProvider(ProviderHooks hooks, WebhookAddress addresses) {
        this.hooks = hooks;
        this.addresses = addresses;
    }

    /** Refuses an address that nobody may be told at; null and an empty one say nothing. */
    public void check(@Nullable String url) {
        if (url != null && !url.isEmpty()) {
            var _ = addresses.check("webhookUrl", url);
        }
    }

    /** Null leaves it as it is, an empty text takes it away. */
    Future<Void> tell(Call call, Transaction transaction, UUID providerId, @Nullable String url) {
        check(url);
        if (url == null) {
            return Future.succeededFuture();
        }
        if (url.isEmpty()) {
            return hooks.remove(transaction, call.orgId(), providerId);
        }
        ProviderHooks.Address address =
                new ProviderHooks.Address(url, call.caller().actor());
        return call.confirmed(transaction).compose(may -> hooks.put(transaction, call.orgId(), providerId, address));
    }
}
