package com.fyvault.leaks;

import com.fyvault.crypto.Uuid7;
import com.fyvault.leaks.LeakStore.Finding;
import com.fyvault.people.EndFound;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes reports: tells what they are of, and ends that, some organizations at once. */
final class TakeLeaks {
    /** Organizations at once, or logins: each holds a connection. */
    private static final int AT_ONCE = 4;

    private final LeakStore store;
    private final EndLeaked ending;
    private final EndFound people;
    private final Sighting.Eyes eyes;
    private final Tools tools;

    /** Where texts are looked at, and ids. */
    record Tools(WorkerExecutor workers, Uuid7 ids) {}

    TakeLeaks(LeakStore store, EndLeaked ending, EndFound people, Sighting.Eyes eyes, Tools tools) {
        this.store = store;
        this.ending = ending;
        this.people = people;
        this.eyes = eyes;
        this.tools = tools;
    }

    /** For each report whether it was of something here. What is, is ended by then. */
    Future<List<Boolean>> take(Origin origin, List<Report> reports) {
        return tools.workers().executeBlocking(() -> sighted(reports), false).compose(sightings -> {
            Asked asked = Asked.of(sightings);
            return store.find(asked).compose(known -> ended(origin, sightings, known, asked.hashes(Looks.ERRAND)));
        });
    }

    private List<Sighting> sighted(List<Report> reports) {
        return reports.stream().map(report -> Sighting.of(report, eyes)).toList();
    }

    private Future<List<Boolean>> ended(
            Origin origin, List<Sighting> sightings, LeakStore.Known known, Set<TokenHash> errands) {
        Map<Object, List<LeakStore.Thing>> things = byText(known);
        Map<UUID, List<Finding>> found = new HashMap<>();
        for (Sighting sighting : sightings) {
            for (LeakStore.Thing thing : things(things, sighting)) {
                found.computeIfAbsent(thing.orgId(), made -> new ArrayList<>())
                        .add(new Finding(tools.ids().next(), sighting.report(), thing));
            }
        }
        Future<Void> ofOrganizations = each(
                new ArrayDeque<>(found.keySet()),
                orgId -> ending.end(origin, orgId, Objects.requireNonNull(found.get(orgId))));
        return ofOrganizations
                .transform(done -> logins(origin, known))
                .transform(done -> people.errands(errands, origin.by())
                        .compose(these ->
                                done.succeeded() ? ofOrganizations.map(these) : Future.failedFuture(done.cause())))
                .map(these -> {
                    Set<TokenHash> ofPeople = new HashSet<>(these);
                    known.logins().forEach(login -> ofPeople.add(login.text()));
                    return sightings.stream()
                            .map(one -> !things(things, one).isEmpty()
                                    || (one.hash() != null && ofPeople.contains(one.hash())))
                            .toList();
                });
    }

    /** What there is by the hash or the fingerprint that it was asked for by. */
    static Map<Object, List<LeakStore.Thing>> byText(LeakStore.Known known) {
        Map<Object, List<LeakStore.Thing>> things = new HashMap<>();
        known.tokens().forEach(token -> add(things, token.text(), token));
        known.values().forEach(value -> add(things, value.print(), value));
        for (LeakStore.Item item : known.items()) {
            add(things, Objects.requireNonNull(item.text() == null ? item.print() : item.text()), item);
        }
        return things;
    }

    private static void add(Map<Object, List<LeakStore.Thing>> things, Object text, LeakStore.Thing thing) {
        things.computeIfAbsent(text, none -> new ArrayList<>()).add(thing);
    }

    /** What a sighting is of. */
    static List<LeakStore.Thing> things(Map<Object, List<LeakStore.Thing>> things, Sighting sighting) {
        @Nullable Object text = sighting.hash() == null ? sighting.print() : sighting.hash();
        return text == null ? List.of() : things.getOrDefault(text, List.of());
    }

    /** After what they have in organizations, so that it is said there that it was good until now. */
    private Future<Void> logins(Origin origin, LeakStore.Known known) {
        Set<TokenHash> told = known.tokens().stream().map(LeakStore.Token::text).collect(Collectors.toSet());
        return each(
                new ArrayDeque<>(known.logins()),
                login -> people.login(
                        new EndFound.Login(login.userId(), login.sessionId(), told.contains(login.text())),
                        origin.by()));
    }

    /** Every one is tried, whatever becomes of another; then the first failure is the answer's. */
    private static <T> Future<Void> each(Deque<T> waiting, Function<T, Future<Void>> work) {
        List<Future<Void>> lanes = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            lanes.add(next(waiting, work));
        }
        return Future.join(lanes).mapEmpty();
    }

    private static <T> Future<Void> next(Deque<T> waiting, Function<T, Future<Void>> work) {
        @Nullable T one = waiting.poll();
        if (one == null) {
            return Future.succeededFuture();
        }
        return work.apply(one)
                .transform(done -> next(waiting, work)
                        .compose(rest ->
                                done.succeeded() ? Future.<Void>succeededFuture() : Future.failedFuture(done.cause())));
    }
}
