package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Envelope;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import java.util.List;

/**
 * Every value of an environment in one answer: opened on the worker pool, one audit record a value.
 * The list is that of one snapshot taken during the request; each value's record is checked by itself,
 * so that a value pushed or revoked meanwhile sends the request round again and the others do not.
 */
public final class ReadValues {
    /** An answer holds at most this much plaintext. */
    private static final long MOST_BYTES = 32L * 1024 * 1024;

    private final Places places;
    private final BulkValueStore store;
    private final BulkOpener opener;

    public ReadValues(Places places, BulkValueStore store, BulkOpener opener) {
        this.places = places;
        this.store = store;
        this.opener = opener;
    }

    Future<Answer> read(Call call) {
        return places.find(call, call.path("environment"))
                .compose(place -> store.find(place).compose(values -> answer(call, place, values)));
    }

    private Future<Answer> answer(Call call, Place place, BulkValueStore.Values values) {
        List<SecretStore.Sealed> readable = values.values().stream()
                .filter(value -> !value.secret().clientEncrypted())
                .filter(value ->
                        call.decision().allowsSecret(Names.key(value.secret().name())))
                .toList();
        call.record().environment(place.environmentId()).detail("count", readable.size());
        String etag = Etag.of(place.environmentId(), place.projectId(), values.environmentVersion());
        if (Etag.matches(call.header(HttpHeaderNames.IF_NONE_MATCH), etag)) {
            return Future.succeededFuture(Answer.unchanged(etag));
        }
        long bytes = readable.stream()
                .mapToLong(value -> Envelope.plaintextLength(value.envelope()))
                .sum();
        if (bytes > MOST_BYTES) {
            throw Refusal.of(ErrorCode.VALUE_TOO_LARGE, "The values of this environment are too large for one answer");
        }
        for (SecretStore.Sealed value : readable) {
            call.addRecord(call.record()
                    .sibling()
                    .readAt(place.environmentId(), values.environmentVersion())
                    .secret(value.secret().id(), value.secret().version()));
        }
        return opener.open(place, readable).map(body -> Answer.rendered(body).withEtag(etag));
    }
}
