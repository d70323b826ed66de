package com.fyvault.providers;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Places;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.secrets.ProvidedSecrets;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Takes a value that a provider pushes. */
final class PushSecret {
    private final Places places;
    private final ProvidedSecrets secrets;

    PushSecret(Places places, ProvidedSecrets secrets) {
        this.places = places;
        this.secrets = secrets;
    }

    Future<Answer> push(Call call, Transaction transaction) {
        SentItem item = SentItem.ofPush(call, Itself.of(call), call.body());
        return places.change(call, transaction, item.project(), item.environment())
                .compose(place -> secrets.push(call, transaction, place, item.sent()))
                .map(written -> {
                    call.record().secret(written.secretId(), written.version());
                    JsonObject shown = shown(written);
                    return written.version() == 1 ? Answer.created(shown) : Answer.ok(shown);
                });
    }

    static JsonObject shown(ProvidedSecrets.Written written) {
        JsonObject json = new JsonObject()
                .put("secret_name", written.name())
                .put("secretName", written.name())
                .put("environment", written.place().name())
                .put("version", written.version())
                .put("created", written.version() == 1)
                .put("secretId", written.secretId().toString())
                .put("environmentId", written.place().environmentId().toString())
                .put("projectId", written.place().projectId().toString());
        return written.previousUntil() == null
                ? json
                : json.put("previousUntil", written.previousUntil().toString());
    }
}
