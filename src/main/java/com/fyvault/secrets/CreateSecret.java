package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Makes a secret with its first version, in the environment that the call names or the default one. */
final class CreateSecret {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_TYPE = 64;
    private static final int LONGEST_DESCRIPTION = 1_000;

    private final Places places;
    private final SecretStore store;
    private final VersionWriter versions;
    private final Uuid7 ids;

    CreateSecret(Places places, SecretStore store, VersionWriter versions, Uuid7 ids) {
        this.places = places;
        this.store = store;
        this.versions = versions;
        this.ids = ids;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        NewValue value = NewValue.forCreate(call.body());
        SecretStore.Draft draft = draft(call, value);
        SecretAccess.admitName(call, draft.name());
        return places.change(call, transaction)
                .compose(place -> store.add(transaction, place, draft)
                        .compose(added -> versions.write(
                                call,
                                transaction,
                                place,
                                new VersionWriter.Write(draft.id(), 1, value.clientEncrypted(), false, value.bytes())))
                        .compose(written -> store.find(transaction, place, SecretKey.id(draft.id())))
                        .map(secret -> created(place, secret)));
    }

    private static Answer created(Place place, Secret secret) {
        return Answer.created(secret.toJson()).withEtag(Etag.of(place.environmentId(), secret.id(), secret.version()));
    }

    private SecretStore.Draft draft(Call call, NewValue value) {
        Fields body = call.body();
        String name = Names.check(body.text("name", LONGEST_NAME));
        @Nullable String config = body.optionalObject("injectionConfig", SecretStore.LARGEST_CONFIG);
        @Nullable String type = body.optionalText("secretType", LONGEST_TYPE);
        return new SecretStore.Draft(
                ids.next(),
                name,
                body.optionalText("description", LONGEST_DESCRIPTION),
                type == null || type.isBlank() ? SecretType.GENERIC : type,
                config == null ? "{}" : config,
                value.clientEncrypted(),
                call.caller().actor());
    }
}
