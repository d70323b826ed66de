package com.fyvault.leaks;

import com.fyvault.crypto.Uuid7;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.leaks.LeakStore.Finding;
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
import java.util.stream.Collectors;

/** Takes reports: tells what they are of, and ends that, some organizations at once. */
final class TakeLeaks {
    /** Organizations at once: each holds a connection. */
    private static final int AT_ONCE = 4;

    private final LeakStore store;
    private final EndLeaked ending;
    private final ValuePrints prints;
    private final WorkerExecutor workers;
    private final Uuid7 ids;

    TakeLeaks(LeakStore store, EndLeaked ending, ValuePrints prints, WorkerExecutor workers, Uuid7 ids) {
        this.store = store;
        this.ending = ending;
        this.prints = prints;
        this.workers = workers;
        this.ids = ids;
    }

    /** For each report whether it was of something here. What is, is ended by then. */
    Future<List<Boolean>> take(Origin origin, List<Report> reports) {
        return workers.executeBlocking(() -> sighted(reports), false).compose(sightings -> {
            Set<TokenHash> hashes = new HashSet<>();
            Set<String> marks = new HashSet<>();
            for (Sighting sighting : sightings) {
                if (sighting.hash() != null) {
                    hashes.add(sighting.hash());
                }
                if (sighting.print() != null) {
                    marks.add(sighting.print());
                }
            }
            return store.find(hashes, marks).compose(known -> ended(origin, sightings, known));
        });
    }

    private List<Sighting> sighted(List<Report> reports) {
        return reports.stream().map(report -> Sighting.of(report, prints)).toList();
    }

    private Future<List<Boolean>> ended(Origin origin, List<Sighting> sightings, LeakStore.Known known) {
        Map<TokenHash, LeakStore.Token> tokens = new HashMap<>();
        known.tokens().forEach(token -> tokens.put(token.hash(), token));
        Map<String, List<LeakStore.Value>> values =
                known.values().stream().collect(Collectors.groupingBy(LeakStore.Value::print));
        List<Boolean> ours = new ArrayList<>(sightings.size());
        Map<UUID, List<Finding>> found = new HashMap<>();
        for (Sighting sighting : sightings) {
            LeakStore.Token token = sighting.hash() == null ? null : tokens.get(sighting.hash());
            List<LeakStore.Value> places =
                    sighting.print() == null ? List.of() : values.getOrDefault(sighting.print(), List.of());
            if (token != null) {
                of(found, token.orgId()).add(new Finding(ids.next(), sighting.report(), token, null));
            }
            for (LeakStore.Value value : places) {
                of(found, value.orgId()).add(new Finding(ids.next(), sighting.report(), null, value));
            }
            ours.add(token != null || !places.isEmpty());
        }
        return all(origin, found).map(ours);
    }

    private static List<Finding> of(Map<UUID, List<Finding>> found, UUID orgId) {
        return found.computeIfAbsent(orgId, made -> new ArrayList<>());
    }

    /** Every organization is tried, whatever becomes of another one; then the first failure is the answer's. */
    private Future<Void> all(Origin origin, Map<UUID, List<Finding>> found) {
        Deque<UUID> waiting = new ArrayDeque<>(found.keySet());
        List<Future<Void>> lanes = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            lanes.add(next(origin, waiting, found));
        }
        return Future.join(lanes).mapEmpty();
    }

    private Future<Void> next(Origin origin, Deque<UUID> waiting, Map<UUID, List<Finding>> found) {
        UUID orgId = waiting.poll();
        if (orgId == null) {
            return Future.succeededFuture();
        }
        return ending.end(origin, orgId, Objects.requireNonNull(found.get(orgId)))
                .transform(done -> next(origin, waiting, found)
                        .compose(rest ->
                                done.succeeded() ? Future.<Void>succeededFuture() : Future.failedFuture(done.cause())));
    }
}
