package com.fyvault.providers;

import static com.fyvault.tokens.Scope.ORG_ADMIN;
import static com.fyvault.tokens.Scope.PROVIDERS_WRITE;
import static com.fyvault.tokens.Scope.SECRETS_WRITE;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyStore;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.secrets.ProvidedSecrets;
import com.fyvault.secrets.WithdrawSecrets;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Providers, as an organization manages them, and what they do themselves. PATCH and DELETE of one are two routes each: an
 * organization's token changes and ends the provider, the provider's own rotates and revokes what it has pushed, and
 * neither ever comes to the other's work.
 */
public final class ProviderRoutes {
    private static final String PROVIDERS = "/orgs/{org}/providers";
    private static final String PROVIDER = PROVIDERS + "/{token}";

    private final ProviderStore store;
    private final ChildTokens tokens;
    private final TellProvider telling;
    private final CreateProvider create;
    private final RollProvider roll;
    private final PushSecret push;
    private final PushBatch pushBatch;
    private final RotatePushed rotate;
    private final WithdrawPushed withdraw;

    /** What providers write with, and how they are told. */
    public record Parts(Places places, ProvidedSecrets secrets, WithdrawSecrets withdraw, TellProvider telling) {}

    /** @param mostProviders live providers that an organization may have */
    public ProviderRoutes(
            PostgresProviderStore store,
            ChildTokens tokens,
            RegisterProvider register,
            Parts parts,
            int mostProviders) {
        this.store = store;
        this.tokens = tokens;
        this.create = new CreateProvider(tokens, register, parts.telling(), mostProviders);
        this.telling = parts.telling();
        this.roll = new RollProvider(store, tokens);
        this.push = new PushSecret(parts.places(), parts.secrets());
        this.pushBatch = new PushBatch(parts.places(), parts.secrets());
        this.rotate = new RotatePushed(parts.places(), parts.secrets());
        this.withdraw = new WithdrawPushed(parts.withdraw());
    }

    public void mount(Routes routes) {
        routes.get(PROVIDERS, "listProviders", AuditAction.PROVIDER_LIST)
                .needs(PROVIDERS_WRITE, ORG_ADMIN)
                .reads(this::list);
        routes.get(PROVIDER, "getProvider", AuditAction.PROVIDER_VIEW)
                .needs(PROVIDERS_WRITE, ORG_ADMIN)
                .reads(this::view);
        // Under the organization's row for writing: it is what makes the limit exact.
        routes.post(PROVIDERS, "createProvider", AuditAction.PROVIDER_CREATE)
                .needs(PROVIDERS_WRITE)
                .changesAuthority(create::create);
        routes.patch(PROVIDER, "updateProvider", AuditAction.PROVIDER_UPDATE)
                .needs(PROVIDERS_WRITE)
                .otherwise(
                        routes.patch(PROVIDER, "rotatePushed", AuditAction.PROVIDER_ROTATE)
                                .needs(SECRETS_WRITE),
                        rotate::rotate)
                .changesAuthority(this::edit);
        routes.delete(PROVIDER, "revokeProvider", AuditAction.PROVIDER_REVOKE)
                .needs(PROVIDERS_WRITE)
                .otherwise(
                        routes.delete(PROVIDER, "withdrawPushed", AuditAction.PROVIDER_WITHDRAW)
                                .needs(SECRETS_WRITE),
                        withdraw::withdraw)
                .changesAuthority(this::revoke);
        routes.post(PROVIDER + "/roll", "rollProvider", AuditAction.PROVIDER_ROLL)
                .needs(PROVIDERS_WRITE)
                .changesAuthority(roll::roll);
        routes.post(PROVIDER + "/push", "pushSecret", AuditAction.PROVIDER_PUSH)
                .needs(SECRETS_WRITE)
                .ofProviders()
                .writes(push::push);
        routes.post(PROVIDER + "/push/batch", "pushSecrets", AuditAction.PROVIDER_PUSH_BATCH)
                .needs(SECRETS_WRITE)
                .ofProviders()
                .writes(pushBatch::push);
    }

    /** Those that can be used, newest first. */
    private Future<Answer> list(Call call) {
        return tokens.list(call, TokenKind.PROVIDER)
                .compose(page -> found(call, page.standings()).map(providers -> {
                    JsonArray items = new JsonArray();
                    for (KeyStore.Standing standing : page.standings()) {
                        // A token from before a roll is no provider.
                        if (providers.containsKey(standing.credential().id())) {
                            items.add(shown(standing, providers));
                        }
                    }
                    call.record().detail("count", items.size());
                    return Answer.ok(items).withNextCursor(page.nextCursor());
                }));
    }

    private Future<Answer> view(Call call) {
        return tokens.find(call, TokenKind.PROVIDER)
                .compose(standing ->
                        found(call, List.of(standing)).map(providers -> Answer.ok(shown(standing, providers))));
    }

    private Future<Answer> edit(Call call, Transaction transaction) {
        ProviderRequest request = ProviderRequest.ofSettings(call.body());
        ProviderStore.Edit edit = new ProviderStore.Edit(request.description(), request.secretPrefix());
        telling.check(request.webhookUrl());
        return tokens.edit(call, transaction, TokenKind.PROVIDER, request.key())
                .compose(standing -> told(call, transaction, standing, request)
                        .compose(told -> store.edit(
                                transaction, call.orgId(), standing.credential().id(), edit))
                        .map(provider ->
                                Answer.ok(ProviderView.of(standing.credential(), provider, standing.active()))));
    }

    private Future<Void> told(Call call, Transaction transaction, KeyStore.Standing standing, ProviderRequest request) {
        return telling.tell(call, transaction, standing.credential().id(), request.webhookUrl());
    }

    private Future<Answer> revoke(Call call, Transaction transaction) {
        return tokens.end(call, transaction, call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND), TokenKind.PROVIDER)
                .compose(ended -> store.find(transaction, call.orgId(), ended.id())
                        .map(provider -> Answer.ok(ProviderView.of(ended, provider, false))));
    }

    private Future<Map<UUID, Provider>> found(Call call, List<KeyStore.Standing> standings) {
        return store.find(
                call.orgId(),
                standings.stream().map(standing -> standing.credential().id()).toList());
    }

    private static JsonObject shown(KeyStore.Standing standing, Map<UUID, Provider> providers) {
        Credential credential = standing.credential();
        @Nullable Provider provider = providers.get(credential.id());
        if (provider == null) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        return standing.flag(ProviderView.of(credential, provider, standing.active()));
    }
}
