package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import com.fyvault.support.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A secret of the run, what was seen of it, and what its next clients may guess by. */
final class TestSecret {
    private final String name;
    private final String id;
    private final Queue<Operation<Ask, Told>> history = new ConcurrentLinkedQueue<>();
    private final Map<Place, Long> newest = new ConcurrentHashMap<>(Map.of(Place.PRODUCTION, 1L));

    private TestSecret(String name, String id) {
        this.name = name;
        this.id = id;
    }

    static TestSecret create(TestServer server, int number) {
        String name = "H" + number;
        return new TestSecret(name, server.createSecret(name, first(name)));
    }

    private static String first(String name) {
        return SecretModel.NAMED + name + "|first";
    }

    String name() {
        return name;
    }

    String id() {
        return id;
    }

    String first() {
        return first(name);
    }

    SecretModel model() {
        return new SecretModel(first());
    }

    /** The newest version that anybody was told of. */
    long newest(Place place) {
        return newest.getOrDefault(place, 0L);
    }

    void add(Operation<Ask, Told> operation) {
        history.add(operation);
        if (operation.ask() instanceof Ask.Write write && operation.told() instanceof Told.Done done) {
            newest.merge(write.place(), done.version(), Math::max);
        }
    }

    List<Operation<Ask, Told>> history() {
        return List.copyOf(history);
    }
}
