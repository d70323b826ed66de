package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Endpoint;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Query;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The value before a rotation, for consumers that ask for it while its grace lasts. It is seldom asked for, so it comes
 * straight from PostgreSQL and not by the hot path; it is recorded and checked before it leaves like any other.
 */
public final class ReadPrevious {
    private static final String VERSION = "version";
    private static final String PREVIOUS = "previous";
    private static final int LONGEST = 128;

    private final Places places;
    private final ProvidedStore store;
    private final ValueOpener opener;

    public ReadPrevious(Places places, ProvidedStore store, ValueOpener opener) {
        this.places = places;
        this.store = store;
        this.opener = opener;
    }

    /** What it takes of the routes that read a value: whatever names a version. */
    Endpoint.Aside aside() {
        return new Endpoint.Aside(ReadPrevious::isAsked, this::read);
    }

    private static boolean isAsked(HttpServerRequest request) {
        return request.query() != null && Query.parameters(request.uri()).containsKey(VERSION);
    }

    private Future<Answer> read(Call call) {
        if (!PREVIOUS.equals(call.query(VERSION, LONGEST))) {
            throw Fields.invalid(VERSION, "is previous, or left out for the current one");
        }
        SecretKey key = key(call);
        if (key.byName()) {
            SecretAccess.admitName(call, key.text());
        }
        return places.find(call)
                .compose(place -> store.previous(place, key).compose(found -> {
                    SealedValue value = admitted(call, found);
                    call.record()
                            .readAt(place.environmentId(), Math.min(place.version(), value.readVersion()))
                            .secret(value.id(), value.version())
                            .detail(PREVIOUS, true);
                    return answer(place, value);
                }));
    }

    private static SecretKey key(Call call) {
        @Nullable String name = call.optionalPath("name");
        if (name != null) {
            return SecretKey.name(SecretTarget.lower(name));
        }
        @Nullable SecretKey id = SecretTarget.idKey(call.path("secret"));
        return id == null ? SecretKey.NONE : id;
    }

    /** What the token may not use, what has no value before and what is over are the same: absent. */
    private static SealedValue admitted(Call call, @Nullable SealedValue value) {
        if (value == null || !call.decision().allowsSecret(value.id(), Names.key(value.name()))) {
            throw Refusal.of(ErrorCode.VERSION_NOT_FOUND);
        }
        if (value.revoked()) {
            throw Refusal.of(ErrorCode.SECRET_REVOKED);
        }
        if (value.clientEncrypted()) {
            throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
        }
        return value;
    }

    private Future<Answer> answer(Place place, SealedValue value) {
        UUID id = value.id();
        return opener.open(place, id, value.version(), value.sealed()).map(plaintext -> {
            try {
                return Answer.rendered(ValueAnswer.render(value.name(), plaintext, value.version()));
            } finally {
                Arrays.fill(plaintext, (byte) 0);
            }
        });
    }
}
