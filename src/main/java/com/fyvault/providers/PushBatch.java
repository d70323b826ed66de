package com.fyvault.providers;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.audit.AuditAction;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.secrets.ProvidedSecrets;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes up to 100 pushes in one request. Each has a result of its own: what is refused has changed nothing, and all that
 * is accepted is committed together. Environments are locked in the order of their ids and secrets are written in the
 * order of their names, so that two batches wait for one another instead of locking each other out.
 */
final class PushBatch {
    private static final Set<String> KNOWN = Set.of("items");
    private static final int MOST = 100;

    private final Places places;
    private final ProvidedSecrets secrets;

    PushBatch(Places places, ProvidedSecrets secrets) {
        this.places = places;
        this.secrets = secrets;
    }

    Future<Answer> push(Call call, Transaction transaction) {
        UUID provider = Itself.of(call);
        call.body().refuseAllBut(KNOWN);
        List<Fields> bodies = call.body().items("items", MOST);
        if (bodies.isEmpty()) {
            throw Fields.invalid("items", "is missing or empty");
        }
        return new Batch(call, transaction, bodies.size()).run(provider, bodies);
    }

    /** An environment as an item names it. */
    private record Where(@Nullable String project, @Nullable String environment) {
        static Where of(SentItem item) {
            return new Where(key(item.project()), key(item.environment()));
        }

        private static @Nullable String key(@Nullable String text) {
            return text == null ? null : Names.key(text);
        }
    }

    private record Entry(int index, SentItem item) {}

    /** One request on its way. */
    private final class Batch {
        private final Call call;
        private final Transaction transaction;
        private final JsonObject[] results;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<Where, Place> found = new HashMap<>();
        private final Map<Where, Refusal> unreached = new HashMap<>();
        private final Map<UUID, Place> locked = new HashMap<>();
        private int accepted;

        Batch(Call call, Transaction transaction, int items) {
            this.call = call;
            this.transaction = transaction;
            this.results = new JsonObject[items];
        }

        Future<Answer> run(UUID provider, List<Fields> bodies) {
            for (int i = 0; i < bodies.size(); i++) {
                try {
                    entries.add(new Entry(i, SentItem.ofPush(call, provider, bodies.get(i))));
                } catch (Refusal refusal) {
                    results[i] = refused(refusal);
                }
            }
            entries.sort(
                    Comparator.comparing(entry -> Names.key(entry.item().sent().name())));
            List<Where> wheres = entries.stream()
                    .map(entry -> Where.of(entry.item()))
                    .distinct()
                    .toList();
            return each(wheres, this::find)
                    .compose(done -> each(inOrder(), this::lock))
                    .compose(done -> each(entries, this::write))
                    .map(done -> answer());
        }

        private Future<Void> find(Where where) {
            return refusable(
                    () -> places.find(call, transaction, where.project(), where.environment())
                            .map(place -> {
                                found.put(where, place);
                                return null;
                            }),
                    refusal -> unreached.put(where, refusal));
        }

        /** As PostgreSQL compares ids. */
        private List<Place> inOrder() {
            Map<String, Place> byId = new TreeMap<>();
            found.values().forEach(place -> byId.put(place.environmentId().toString(), place));
            return List.copyOf(byId.values());
        }

        private Future<Void> lock(Place place) {
            UUID id = place.environmentId();
            return places.change(call, transaction, place.projectId().toString(), id.toString())
                    .map(held -> {
                        locked.put(id, held);
                        return null;
                    });
        }

        private Future<Void> write(Entry entry) {
            Where where = Where.of(entry.item());
            @Nullable Refusal away = unreached.get(where);
            if (away != null) {
                results[entry.index()] = refused(away);
                return Future.succeededFuture();
            }
            UUID id = Objects.requireNonNull(found.get(where)).environmentId();
            Place place = Objects.requireNonNull(locked.get(id));
            return refusable(
                    () -> secrets.push(call, transaction, place, entry.item().sent())
                            .map(written -> {
                                accept(entry, written);
                                return null;
                            }),
                    refusal -> results[entry.index()] = refused(refusal));
        }

        private void accept(Entry entry, ProvidedSecrets.Written written) {
            accepted++;
            results[entry.index()] = PushSecret.shown(written).put("status", written.version() == 1 ? 201 : 200);
            call.addRecord(call.record()
                    .sibling(AuditAction.PROVIDER_PUSH)
                    .environment(written.place().environmentId())
                    .secret(written.secretId(), written.version())
                    .detail("provider_id", entry.item().sent().providerId().toString()));
        }

        private Answer answer() {
            call.record().environment(null).detail("accepted", accepted).detail("refused", results.length - accepted);
            return Answer.ok(new JsonObject()
                    .put("items", new JsonArray(List.of(results)))
                    .put("accepted", accepted)
                    .put("refused", results.length - accepted));
        }
    }

    private static JsonObject refused(Refusal refusal) {
        return new JsonObject()
                .put("status", refusal.code().status())
                .put("code", refusal.code().name())
                .put("error", refusal.publicText());
    }

    private interface Refused {
        void with(Refusal refusal);
    }

    /** Whatever the client is to blame for is told of its item; anything else ends the request. */
    private static Future<Void> refusable(Supplier<Future<Void>> step, Refused refused) {
        Future<Void> done;
        try {
            done = step.get();
        } catch (Refusal refusal) {
            done = Future.failedFuture(refusal);
        }
        return done.recover(failure -> {
            boolean clients =
                    failure instanceof Refusal refusal && refusal.code().status() < 500;
            if (clients) {
                refused.with((Refusal) failure);
            }
            return clients ? Future.succeededFuture() : Future.failedFuture(failure);
        });
    }

    private interface Step<T> {
        Future<Void> of(T one);
    }

    private static <T> Future<Void> each(List<T> all, Step<T> step) {
        Future<Void> done = Future.succeededFuture();
        for (T one : all) {
            done = done.compose(before -> step.of(one));
        }
        return done;
    }
}
