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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Registers a provider: its token and what signs the messages to it are shown this once. */
final class CreateProvider {
    private final ChildTokens tokens;
    private final RegisterProvider register;
    private final TellProvider telling;
    private final int mostProviders;

    /** @param mostProviders live providers that an organization may have */
    CreateProvider(ChildTokens tokens, RegisterProvider register, TellProvider telling, int mostProviders) {
        this.tokens = tokens;
        this.register = register;
        this.telling = telling;
        this.mostProviders = mostProviders;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        ChildTokens.checkMaker(call);
        ProviderRequest request = ProviderRequest.ofNew(call.body());
        telling.check(request.webhookUrl());
        RegisterProvider.Wanted wanted = new RegisterProvider.Wanted(
                request.type(),
                request.description(),
                request.secretPrefix(),
                request.webhookUrl(),
                call.caller().actor());
        return tokens.room(call, transaction, TokenKind.PROVIDER, mostProviders)
                .compose(now -> tokens.make(call, transaction, order(request, now)))
                .compose(made -> register.register(transaction, made.credential(), wanted)
                        .map(registered -> answer(made, registered)));
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

    private static Answer answer(Minting.Made made, RegisterProvider.Registered registered) {
        JsonObject shown = new JsonObject().put("provider", registered.provider());
        return Answer.created(shown.copy()
                        .put("token", made.token().exposeText())
                        .put("webhookSecret", registered.webhookSecret()))
                .replayedAs(shown);
    }
}
