package com.fyvault.handles;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.secrets.Secret;
import com.fyvault.secrets.SecretKey;
import com.fyvault.secrets.SecretStore;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Mints a handle for a secret that the token may read now, by its name; it opens nothing. */
final class MintHandle {
    private static final long SHORTEST = 30;
    private static final long LONGEST = 3_600;
    private static final long USUAL = 300;

    private final Places places;
    private final SecretStore secrets;
    private final HandleStore store;
    private final Tools tools;

    /** What a handle is made with, and how many live ones a token may have. */
    record Tools(Uuid7 ids, SecureRandom random, int most) {}

    MintHandle(Places places, SecretStore secrets, HandleStore store, Tools tools) {
        this.places = places;
        this.secrets = secrets;
        this.store = store;
        this.tools = tools;
    }

    Future<Answer> mint(Call call, Transaction transaction) {
        if (call.decision().kind() == TokenKind.BREAK_GLASS) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        Duration life = life(call.body());
        String name = Names.key(call.path("name"));
        if (!call.decision().mayAllowSecret(name)) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
        return places.find(call, transaction)
                .compose(place -> secrets.find(transaction, place, SecretKey.name(name))
                        .compose(secret -> {
                            admit(secret);
                            call.record().secret(secret.id(), secret.version());
                            return add(call, transaction, target(place, secret), life);
                        }));
    }

    private Future<Answer> add(Call call, Transaction transaction, Handle.Target target, Duration life) {
        return store.room(transaction, call.orgId(), call.decision().credentialId(), tools.most())
                .compose(room -> {
                    if (room.taken() >= tools.most()) {
                        throw Refusal.of(
                                ErrorCode.LIMIT_REACHED, "A token has at most " + tools.most() + " live handles");
                    }
                    String text = TokenFormat.draw(Handle.PREFIX, tools.random());
                    Handle handle = new Handle(
                            call.orgId(),
                            tools.ids().next(),
                            TokenFormat.hash(text),
                            call.decision().credentialId(),
                            call.caller().token(),
                            target,
                            room.now(),
                            end(call, room.now().plus(life)),
                            null);
                    call.record().detail("handle_id", handle.id().toString());
                    return store.add(transaction, handle).map(added -> answer(handle, text));
                });
    }

    /** As a read of the value would be refused. */
    private static void admit(Secret secret) {
        if (secret.version() == 0) {
            throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
        }
        if (secret.revoked()) {
            throw Refusal.of(ErrorCode.SECRET_REVOKED);
        }
        if (secret.clientEncrypted()) {
            throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
        }
    }

    private static Handle.Target target(Place place, Secret secret) {
        return new Handle.Target(place.projectId(), place.environmentId(), secret.id(), secret.name());
    }

    /** No later than the token that mints it. */
    private static Instant end(Call call, Instant asked) {
        long expiry = call.decision().expiresAtMicros();
        if (expiry == Long.MAX_VALUE) {
            return asked;
        }
        Instant own = Instant.EPOCH.plus(expiry, ChronoUnit.MICROS);
        return own.isBefore(asked) ? own : asked;
    }

    private static Answer answer(Handle handle, String text) {
        JsonObject shown = new JsonObject()
                .put("handle_id", handle.id().toString())
                .put("expires_at", handle.expiresAt().toString())
                .put("secret_name", handle.target().secretName());
        return Answer.created(shown.copy().put("handle", text)).replayedAs(shown);
    }

    private static Duration life(Fields body) {
        try {
            @Nullable Long seconds = body.optionalNumber("ttlSeconds", SHORTEST, LONGEST);
            return Duration.ofSeconds(seconds == null ? USUAL : seconds);
        } catch (Refusal wrong) {
            throw Refusal.of(ErrorCode.TTL_OUT_OF_RANGE, wrong.publicText());
        }
    }
}
