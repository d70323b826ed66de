package com.fyvault.nodes;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Where nodes say that they are alive. All times are the store's. */
public interface NodeStore {
    /** Says that the node is alive. */
    Future<Void> beat(UUID nodeId);

    int MOST_SEEN = 1_000;

    /** The other nodes that have been seen within this time, {@link #MOST_SEEN} at most. */
    Future<List<UUID>> othersSeen(UUID nodeId, Duration within);

    /** A node, and how long ago it was seen. */
    record Seen(UUID nodeId, long ageMillis) {}

    /** All nodes that have been seen within this time, {@link #MOST_SEEN} at most. */
    Future<List<Seen>> all(Duration within);

    /** How many nodes have been seen within this time. */
    Future<Integer> seen(Duration within);

    /** Takes the node out. */
    Future<Void> leave(UUID nodeId);

    /** Takes out nodes that have not been seen for this long. */
    Future<Void> forget(Duration unseen);
}
