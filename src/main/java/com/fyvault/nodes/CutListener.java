package com.fyvault.nodes;

import io.vertx.core.Future;

/** What a node does when it hears of a cut that another one has committed. */
@FunctionalInterface
public interface CutListener {
    /** Done when nothing that was decided before the cut can leave this node any more. */
    Future<Void> cut(Cut cut);
}
