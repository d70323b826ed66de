package com.fyvault.webhooks;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.events.TypeNames;
import com.fyvault.federation.Outward;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.providers.WebhookAddress;
import com.fyvault.providers.WebhookSecrets;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes webhooks, changes and removes them. Whoever is told of everything sees the whole organization, and so must who says so. */
final class EditWebhook {
    private static final int LONGEST_DESCRIPTION = 256;
    private static final int LONGEST_TYPE = 64;
    private static final int MOST_TYPES = 50;
    private static final long USUAL_GRACE = 86_400;
    private static final long MOST_GRACE = 7 * 86_400;
    private static final Set<String> FIELDS = Set.of("url", "description", "types", "enabled");
    private static final Set<TokenKind> MAKERS = Set.of(TokenKind.API_KEY, TokenKind.SESSION, TokenKind.LOGIN);

    private final WebhookStore store;
    private final WebhookSecrets secrets;
    private final WebhookAddress address;
    private final Uuid7 ids;
    private final int most;

    EditWebhook(WebhookStore store, WebhookSecrets secrets, Outward outward, Uuid7 ids, int most) {
        this.store = store;
        this.secrets = secrets;
        this.address = new WebhookAddress(outward);
        this.ids = ids;
        this.most = most;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        check(call);
        call.body().refuseAllBut(FIELDS);
        String url = address.check("url", call.body().text("url", WebhookAddress.LONGEST));
        @Nullable String description = call.body().optionalText("description", LONGEST_DESCRIPTION);
        @Nullable List<String> types = types(call.body());
        boolean enabled = !Boolean.FALSE.equals(call.body().optionalFlag("enabled"));
        UUID id = ids.next();
        call.record().detail("webhook_id", id.toString());
        return call.confirmed(transaction)
                .compose(may -> store.count(transaction, call.orgId()))
                .compose(count -> {
                    if (count >= most) {
                        throw Refusal.of(ErrorCode.LIMIT_REACHED);
                    }
                    return sealed(call.orgId(), id);
                })
                .compose(secret -> store.add(
                                transaction,
                                new WebhookStore.Draft(
                                        call.orgId(),
                                        id,
                                        url,
                                        description,
                                        types == null ? List.of() : types,
                                        enabled,
                                        secret.envelope(),
                                        madeWith(call),
                                        call.caller().actor()))
                        .map(made -> shown(made, secret.text(), 201)));
    }

    Future<Answer> edit(Call call, Transaction transaction) {
        check(call);
        call.body().refuseAllBut(FIELDS);
        @Nullable String url = call.body().optionalText("url", WebhookAddress.LONGEST);
        @Nullable Boolean enabled = call.body().optionalFlag("enabled");
        WebhookStore.Edit edit = new WebhookStore.Edit(
                url == null ? null : address.check("url", url),
                call.body().optionalText("description", LONGEST_DESCRIPTION),
                types(call.body()),
                enabled,
                madeWith(call));
        UUID id = named(call);
        boolean gives = url != null || Boolean.TRUE.equals(enabled);
        Future<Void> confirmed = gives ? call.confirmed(transaction) : Future.succeededFuture();
        return confirmed
                .compose(may -> store.edit(transaction, call.orgId(), id, edit))
                .map(webhook -> Answer.ok(webhook.toJson()));
    }

    Future<Answer> remove(Call call, Transaction transaction) {
        check(call);
        return store.remove(transaction, call.orgId(), named(call)).map(gone -> Answer.ok(gone.toJson()));
    }

    /** Another secret. What is sent meanwhile carries both signatures, so that the receiver may change when it likes. */
    Future<Answer> roll(Call call, Transaction transaction) {
        check(call);
        call.body().refuseAllBut(Set.of("gracePeriodSeconds"));
        @Nullable Long asked = call.body().optionalNumber("gracePeriodSeconds", 0, MOST_GRACE);
        Duration grace = Duration.ofSeconds(asked == null ? USUAL_GRACE : asked);
        UUID id = named(call);
        return call.confirmed(transaction)
                .compose(may -> sealed(call.orgId(), id))
                .compose(secret -> store.roll(
                                transaction, call.orgId(), id, new WebhookStore.Roll(secret.envelope(), grace))
                        .map(rolled -> shown(rolled, secret.text(), 200)));
    }

    /** Names the webhook in the record; what is no id is no webhook. */
    static UUID named(Call call) {
        UUID id = call.id("webhook", ErrorCode.WEBHOOK_NOT_FOUND);
        call.record().detail("webhook_id", id.toString());
        return id;
    }

    /** Refuses what uses authority but passes none on, and what sees only a part of the organization. */
    static void check(Call call) {
        if (!MAKERS.contains(call.decision().kind())) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        if (call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to a part of the organization cannot do that");
        }
    }

    /** Null for a person, whose login is over long before. */
    private static @Nullable UUID madeWith(Call call) {
        return call.decision().kind() == TokenKind.LOGIN
                ? null
                : call.decision().credentialId();
    }

    private static @Nullable List<String> types(Fields body) {
        @Nullable List<String> named = body.optionalTexts("types", MOST_TYPES, LONGEST_TYPE);
        return named == null ? null : TypeNames.parse("types", named).names();
    }

    private record Sealed(String text, byte[] envelope) {}

    private Future<Sealed> sealed(UUID orgId, UUID id) {
        byte[] secret = secrets.draw();
        String text = WebhookSecrets.text(secret);
        return secrets.seal(orgId, id, secret)
                .onComplete(done -> Arrays.fill(secret, (byte) 0))
                .map(envelope -> new Sealed(text, envelope));
    }

    private static Answer shown(Webhook webhook, String secret, int status) {
        JsonObject shown = webhook.toJson();
        return new Answer(status, shown.copy().put("secret", secret), null, null, null).replayedAs(shown);
    }
}
