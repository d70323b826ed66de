package com.fyvault.nodes;

import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * Messages between the nodes of an installation. They may be lost, late or doubled, and anyone who can
 * reach the carrier may send them: whoever uses them must be right without them.
 */
public interface News {
    /** Hands the text to every node that listens, this one too. */
    Future<Void> tell(String channel, String text);

    /** The listener runs on one thread of the carrier. Called before the carrier is started. */
    void listen(String channel, Consumer<String> listener);

    /** Whether this node hears at the moment. */
    boolean hears();
}
