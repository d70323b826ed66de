package com.fyvault.providers;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyRequest;
import com.fyvault.credentials.Minting;
import com.fyvault.limits.Windows;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Registers a provider: its token and what signs the messages to it are shown this once. */
final class CreateProvider {
    private final ProviderStore store;
    private final ChildTokens tokens;
    private final WebhookSecrets webhooks;
    private final TellProvider telling;
    private final int mostProviders;

    /** @param mostProviders live providers that an organization may have */
    CreateProvider(
            ProviderStore store, ChildTokens tokens, WebhookSecrets webhooks, TellProvider telling, int mostProviders) {
        this.store = store;
        this.tokens = tokens;
        this.webhooks = webhooks;
        this.telling = telling;
        this.mostProviders = mostProviders;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        ChildTokens.checkMaker(call);
        ProviderRequest request = ProviderRequest.ofNew(call.body());
        telling.check(request.webhookUrl());
        return tokens.room(call, transaction, TokenKind.PROVIDER, mostProviders)
                .compose(now -> tokens.make(call, transaction, order(request, now)))
                .compose(made -> add(call, transaction, made, request));
    }

    private static ChildTokens.Order order(ProviderRequest request, Instant now) {
        KeyRequest key = request.key();
        @Nullable Windows limits = key.limits();
        return new ChildTokens.Order(
                TokenKind.PROVIDER,
                Objects.requireNonNull(key.label()),
                key,
                now,
                null,
                (limits == null ? Windows.NONE : limits).toJson());
    }

    private Future<Answer> add(Call call, Transaction transaction, Minting.Made made, ProviderRequest request) {
        Provider provider = new Provider(
                made.credential().orgId(),
                made.credential().id(),
                request.type(),
                request.description(),
                some(request.secretPrefix()),
                some(request.webhookUrl()));
        byte[] secret = webhooks.draw();
        String shown = WebhookSecrets.text(secret);
        return webhooks.seal(provider.orgId(), provider.credentialId(), secret)
                .onComplete(done -> Arrays.fill(secret, (byte) 0))
                .compose(envelope -> store.add(transaction, provider, envelope))
                .compose(added -> telling.tell(call, transaction, provider.credentialId(), request.webhookUrl()))
                .map(told -> answer(made, provider, shown));
    }

    private static @Nullable String some(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static Answer answer(Minting.Made made, Provider provider, String webhookSecret) {
        JsonObject shown = new JsonObject().put("provider", ProviderView.of(made.credential(), provider, true));
        return Answer.created(
                        shown.copy().put("token", made.token().exposeText()).put("webhookSecret", webhookSecret))
                .replayedAs(shown);
    }
}
