package com.fyvault.providers;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts the provider beside its credential: what it is, what signs the messages to it, and where these go. */
public final class RegisterProvider {
    private final ProviderStore store;
    private final WebhookSecrets webhooks;
    private final ProviderHooks hooks;

    public RegisterProvider(PostgresProviderStore store, WebhookSecrets webhooks, ProviderHooks hooks) {
        this.store = store;
        this.webhooks = webhooks;
        this.hooks = hooks;
    }

    /**
     * What a provider is to be, besides its credential.
     *
     * @param webhookUrl an address that has been checked; null or empty for none
     * @param by who says so
     */
    public record Wanted(
            String type,
            @Nullable String description,
            @Nullable String secretPrefix,
            @Nullable String webhookUrl,
            String by) {}

    /** A provider as answers show it, and what is shown this once. */
    public record Registered(JsonObject provider, String webhookSecret) {}

    public Future<Registered> register(Transaction transaction, Credential credential, Wanted wanted) {
        Provider provider = new Provider(
                credential.orgId(),
                credential.id(),
                wanted.type(),
                wanted.description(),
                some(wanted.secretPrefix()),
                some(wanted.webhookUrl()));
        byte[] secret = webhooks.draw();
        Registered shown = new Registered(ProviderView.of(credential, provider, true), WebhookSecrets.text(secret));
        return webhooks.seal(provider.orgId(), provider.credentialId(), secret)
                .onComplete(done -> Arrays.fill(secret, (byte) 0))
                .compose(envelope -> store.add(transaction, provider, envelope))
                .compose(added -> told(transaction, provider, wanted.by()))
                .map(told -> shown);
    }

    private Future<Void> told(Transaction transaction, Provider provider, String by) {
        @Nullable String url = provider.webhookUrl();
        return url == null
                ? Future.succeededFuture()
                : hooks.put(transaction, provider.orgId(), provider.credentialId(), new ProviderHooks.Address(url, by));
    }

    private static @Nullable String some(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
