package com.fyvault.providers;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.secrets.ProvidedSecrets;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Replaces a value that the provider has pushed; for a while the one before can stay readable to who asks for it. */
final class RotatePushed {
    private final Places places;
    private final ProvidedSecrets secrets;

    RotatePushed(Places places, ProvidedSecrets secrets) {
        this.places = places;
        this.secrets = secrets;
    }

    Future<Answer> rotate(Call call, Transaction transaction) {
        UUID provider = Itself.of(call);
        SentItem item = SentItem.read(call, provider, call.body(), SentItem.ROTATION);
        return place(call, transaction, item)
                .compose(place -> secrets.rotate(call, transaction, place, item.sent()))
                .map(written -> {
                    call.record().secret(written.secretId(), written.version());
                    return Answer.ok(PushSecret.shown(written));
                });
    }

    /** The environment that is named, or the only one in which the secret has a value. */
    private Future<Place> place(Call call, Transaction transaction, SentItem item) {
        if (item.environment() != null) {
            return places.change(call, transaction, item.project(), item.environment());
        }
        String key = Names.key(Names.check(item.sent().name()));
        if (!call.decision().mayAllowSecret(key)) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
        @Nullable String project = item.project() == null ? null : Names.key(item.project());
        return secrets.spots(
                        transaction,
                        call.orgId(),
                        new ProvidedSecrets.Sought(item.sent().providerId(), project, key))
                .compose(spots -> {
                    if (spots.isEmpty()) {
                        throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
                    }
                    if (spots.size() > 1) {
                        throw Fields.invalid("environment", "is missing: the secret has a value in several");
                    }
                    ProvidedSecrets.Spot only = spots.get(0);
                    return places.change(
                            call,
                            transaction,
                            only.projectId().toString(),
                            only.environmentId().toString());
                });
    }
}
