package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every value of an environment in one answer: opened on the worker pool, one audit record a value.
 * The list is that of one snapshot taken during the request; each value's record is checked by itself,
 * so that a value pushed or revoked meanwhile sends the request round again and the others do not.
 */
public final class ReadValues {
    /** Such answers in the making on a node; one more is 503. Each may take the size of its values several times over. */
    private static final int MOST_AT_ONCE = 2;

    private final AtomicInteger running = new AtomicInteger();

    private final Places places;
    private final BulkValueStore store;
    private final BulkOpener opener;

    public ReadValues(Places places, BulkValueStore store, BulkOpener opener) {
        this.places = places;
        this.store = store;
        this.opener = opener;
    }

    Future<Answer> read(Call call) {
        if (running.incrementAndGet() > MOST_AT_ONCE) {
            int _ = running.decrementAndGet();
            throw Refusal.of(ErrorCode.OVERLOADED);
        }
        return places.find(call, call.path("environment"))
                .compose(place -> store.find(place).compose(values -> answer(call, place, values)))
                .onComplete(done -> running.decrementAndGet());
    }

    private Future<Answer> answer(Call call, Place place, BulkValueStore.Values values) {
        List<SecretStore.Sealed> readable = values.values().stream()
                .filter(value -> !value.secret().clientEncrypted())
                .filter(value -> call.decision()
                        .allowsSecret(
                                value.secret().id(), Names.key(value.secret().name())))
                .toList();
        call.record().environment(place.environmentId()).detail("count", readable.size());
        String etag = Etag.of(place.environmentId(), place.projectId(), values.environmentVersion());
        if (Etag.matches(call.header(HttpHeaderNames.IF_NONE_MATCH), etag)) {
            return Future.succeededFuture(Answer.unchanged(etag));
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
