package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Directory;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.environments.Located;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One value as it is now, for features that release it under a name of their own. It comes straight from
 * PostgreSQL, and the call's record says which version left: the commit checks it like that of any read.
 */
public final class ReadCurrent {
    private final Directory directory;
    private final SealedValueStore store;
    private final ValueOpener opener;

    public ReadCurrent(Directory directory, SealedValueStore store, ValueOpener opener) {
        this.directory = directory;
        this.store = store;
        this.opener = opener;
    }

    /** The answer {@code {name, value, version}}; the token of the call must reach the secret, the place it has been found to. */
    public Future<Answer> read(Call call, Place place, UUID secretId) {
        return located(place).compose(found -> {
            EnvironmentState environment = found.state();
            return store.find(environment, SecretKey.id(secretId)).compose(value -> {
                admit(call, value);
                call.record()
                        .readAt(place.environmentId(), Math.min(place.version(), value.readVersion()))
                        .secret(value.id(), value.version());
                return open(environment, value).map(plaintext -> answer(value, plaintext));
            });
        });
    }

    private Future<Located> located(Place place) {
        String project = place.projectId().toString();
        String environment = place.environmentId().toString();
        @Nullable Located known = directory.peek(place.orgId(), project, environment);
        return known == null ? directory.load(place.orgId(), project, environment) : Future.succeededFuture(known);
    }

    private static void admit(Call call, SealedValue value) {
        if (value.isAbsent() || !call.decision().allowsSecret(value.id(), Names.key(value.name()))) {
            throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
        }
        if (value.revoked()) {
            throw Refusal.of(ErrorCode.SECRET_REVOKED);
        }
        if (value.clientEncrypted()) {
            throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
        }
    }

    private Future<byte[]> open(EnvironmentState environment, SealedValue value) {
        byte @Nullable [] now = opener.openNow(environment, value);
        return now == null ? opener.openLater(environment, value) : Future.succeededFuture(now);
    }

    private static Answer answer(SealedValue value, byte[] plaintext) {
        try {
            return Answer.rendered(ValueAnswer.render(value.name(), plaintext, value.version()));
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
