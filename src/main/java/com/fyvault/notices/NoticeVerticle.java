package com.fyvault.notices;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notices on one channel, one after the other, for as long as the node runs. Owns the timer. A notice is sent at
 * least once: a node that dies between the sending and its mark leaves it to be sent again.
 */
public final class NoticeVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeVerticle.class);
    private static final int MOST_A_ROUND = 20;

    private final NoticeStore store;
    private final Delivery delivery;
    private final Duration interval;
    private boolean running;

    public NoticeVerticle(NoticeStore store, Delivery delivery, Duration interval) {
        this.store = store;
        this.delivery = delivery;
        this.interval = interval;
    }

    @Override
    public Future<?> start() {
        long _ = vertx.setPeriodic(interval.toMillis(), tick -> round());
        return Future.succeededFuture();
    }

    /** A round that takes longer than the interval is not joined by another. */
    private void round() {
        if (running) {
            return;
        }
        running = true;
        next(MOST_A_ROUND)
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("notices not looked at"))
                .onComplete(done -> running = false);
    }

    /** Takes each only when its turn has come: one that waits behind slow ones would become another node's. */
    private Future<Void> next(int left) {
        if (left == 0) {
            return Future.succeededFuture();
        }
        return store.take(delivery.channel())
                .compose(due -> due.isEmpty()
                        ? Future.<Void>succeededFuture()
                        : send(due.get()).compose(sent -> next(left - 1)));
    }

    private Future<Void> send(Notice notice) {
        return delivery.send(notice).transform(done -> {
            if (done.succeeded()) {
                return store.sent(delivery.channel(), notice);
            }
            // The kind alone: the other side's answer may repeat addresses.
            String kind = delivery.kind(done.cause());
            LOG.atWarn()
                    .addKeyValue("noticeId", notice.id())
                    .addKeyValue("channel", delivery.channel())
                    .addKeyValue("cause", kind)
                    .log("notice not sent");
            return store.failed(delivery.channel(), notice, kind);
        });
    }
}
