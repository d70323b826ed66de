package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * New versions of a secret that exists: by a value, by rotation, by going back. The environment's row
 * is locked throughout, so the next number is known and If-Match is exact.
 */
final class UpdateSecret {
    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final int LONGEST_TYPE = 64;

    private final Places places;
    private final SecretStore store;
    private final VersionWriter versions;
    private final ValueOpener opener;
    private final HandOver handOver;
    private final SecureRandom random;

    UpdateSecret(Places places, SecretRoutes.Parts parts, SecureRandom random) {
        this.places = places;
        this.store = parts.store();
        this.versions = parts.versions();
        this.opener = parts.opener();
        this.handOver = new HandOver(parts.provided());
        this.random = random;
    }

    /** A new value, new metadata, or both; an empty request changes nothing. */
    Future<Answer> update(Call call, Transaction transaction) {
        return locked(call, transaction, (place, secret) -> {
            SecretStore.Edit edit = new SecretStore.Edit(
                    call.body().optionalText("description", LONGEST_DESCRIPTION),
                    call.body().optionalObject("injectionConfig", SecretStore.LARGEST_CONFIG),
                    call.body().optionalText("secretType", LONGEST_TYPE));
            @Nullable NewValue value = NewValue.forSecret(call.body(), secret, false);
            Future<Void> written = value == null
                    ? Future.succeededFuture()
                    : write(call, transaction, place, new Next(secret, value.bytes(), false));
            return written.compose(done -> edit(call, transaction, secret, edit))
                    .compose(done -> handOver.hand(call, transaction, secret))
                    .compose(done -> store.find(transaction, place, SecretKey.id(secret.id())))
                    .map(now -> tagged(place, now, now.toJson()));
        });
    }

    /** What is not of the value is shared by every environment, so all of them must be in reach. */
    private Future<Void> edit(Call call, Transaction transaction, Secret secret, SecretStore.Edit edit) {
        if (edit.isEmpty()) {
            return Future.succeededFuture();
        }
        if (call.decision().isConfinedToEnvironments()) {
            throw Refusal.of(
                    ErrorCode.ENVIRONMENT_NOT_ALLOWED,
                    "A token confined to some environments cannot change what they share");
        }
        return store.edit(transaction, secret, edit);
    }

    /** A new value that the request brings or the server makes. */
    Future<Answer> rotate(Call call, Transaction transaction) {
        return locked(call, transaction, (place, secret) -> {
            @Nullable NewValue value = NewValue.forSecret(call.body(), secret, true);
            if (value == null && secret.clientEncrypted()) {
                throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
            }
            byte[] bytes = value == null ? SecretType.generate(secret.secretType(), random) : value.bytes();
            return write(call, transaction, place, new Next(secret, bytes, true))
                    .onComplete(done -> Arrays.fill(bytes, (byte) 0))
                    .map(done -> tagged(place, secret, numbered(secret, secret.version() + 1)));
        });
    }

    /** The content of an earlier version, as a new one. */
    Future<Answer> rollBack(Call call, Transaction transaction) {
        @Nullable Long wanted = call.body().optionalNumber("version", 1, Long.MAX_VALUE);
        if (wanted == null) {
            throw com.fyvault.platform.http.Fields.invalid("version", "is missing");
        }
        return locked(
                call,
                transaction,
                (place, secret) -> store.envelope(transaction, place, secret.id(), wanted)
                        .compose(envelope -> {
                            if (envelope == null) {
                                throw Refusal.of(ErrorCode.VERSION_NOT_FOUND);
                            }
                            return opener.open(place, secret.id(), wanted, envelope);
                        })
                        .compose(bytes -> write(call, transaction, place, new Next(secret, bytes, false))
                                .onComplete(done -> Arrays.fill(bytes, (byte) 0)))
                        .map(done -> tagged(place, secret, numbered(secret, secret.version() + 1))));
    }

    private interface Step {
        Future<Answer> with(Place place, Secret secret);
    }

    private record Next(Secret secret, byte[] bytes, boolean rotated) {}

    private Future<Answer> locked(Call call, Transaction transaction, Step step) {
        @Nullable String demanded = call.header(HttpHeaderNames.IF_MATCH);
        return places.change(call, transaction)
                .compose(place -> store.find(transaction, place, SecretAccess.key(call))
                        .compose(secret -> {
                            SecretAccess.admitFound(call, secret);
                            Etag.demand(demanded, place.environmentId(), secret);
                            return step.with(place, secret);
                        }));
    }

    private Future<Void> write(Call call, Transaction transaction, Place place, Next next) {
        Secret secret = next.secret();
        return versions.write(
                call,
                transaction,
                place,
                new VersionWriter.Write(
                        secret.id(), secret.version() + 1, secret.clientEncrypted(), next.rotated(), next.bytes()));
    }

    private static Answer tagged(Place place, Secret secret, JsonObject data) {
        return Answer.ok(data).withEtag(Etag.of(place.environmentId(), secret.id(), data.getLong("version")));
    }

    private static JsonObject numbered(Secret secret, long version) {
        return new JsonObject()
                .put("secretId", secret.id().toString())
                .put("name", secret.name())
                .put("version", version);
    }
}
