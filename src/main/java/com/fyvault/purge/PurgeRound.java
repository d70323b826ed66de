package com.fyvault.purge;

import io.vertx.core.Future;

/** Something that goes for good when its time has come. */
@FunctionalInterface
public interface PurgeRound {
    /** Removes what is due, within bounds; how many things went. */
    Future<Integer> purge();
}
