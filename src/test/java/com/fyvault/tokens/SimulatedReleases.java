package com.fyvault.tokens;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What has passed its release step on a node and is not yet written, and who waits for that. */
final class SimulatedReleases {
    private record Waiting(Set<Object> left, Runnable then) {}

    private final Set<Object> leaving = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();

    void passed(Object release) {
        leaving.add(release);
    }

    void written(Object release) {
        leaving.remove(release);
        for (Waiting one : List.copyOf(waiting)) {
            if (one.left().remove(release) && one.left().isEmpty()) {
                waiting.remove(one);
                one.then().run();
            }
        }
    }

    /** Runs it when all that is leaving now has left. */
    void whenWritten(Runnable then) {
        if (leaving.isEmpty()) {
            then.run();
        } else {
            waiting.add(new Waiting(new HashSet<>(leaving), then));
        }
    }
}
