package com.fyvault.notices;

import io.vertx.core.Future;

/** Sends notices on one channel. */
public interface Delivery {
    Channel channel();

    /** Done when the other side has taken it. It may be sent again: the other side may have taken what it did not say. */
    Future<Void> send(Notice notice);

    /** What kind of failure it was, without anybody's words. */
    default String kind(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
