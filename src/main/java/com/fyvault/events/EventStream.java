package com.fyvault.events;

import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Decision;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream (server-sent events, WHATWG HTML 9.2). It takes events from the feed only while the client reads: what
 * waits in this process is what the connection's queue holds, and a client that leaves it there is cut. Each event leaves
 * only if the token may see it as authority stood when the event was read, and soon after; else both are read again.
 * Confined to the event loop of its request.
 */
final class EventStream {
    /** Bytes that may wait to be sent before no event is added. */
    static final int QUEUE_BYTES = 64 * 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int BATCH = 64;
    private static final String RETRY = "retry: 2000\n\n";
    private static final String HEARTBEAT = ":\n\n";

    private final Streams home;
    private final Viewer viewer;
    private final EventFilter filter;
    private final boolean follow;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Context context;
    private final Runnable wake;
    private final Feed feed;
    private Position place;
    private boolean busy;
    private boolean again;
    private boolean over;
    private boolean held;
    private long lastWritten = System.nanoTime();
    private long stalledSince;
    private long waiting;

    /** What a stream is of. */
    record Asked(Viewer viewer, EventFilter filter, Position after, boolean follow) {}

    EventStream(Streams home, Asked asked, HttpServerRequest request) {
        this.home = home;
        this.viewer = asked.viewer();
        this.filter = asked.filter();
        this.follow = asked.follow();
        this.place = asked.after();
        this.request = request;
        this.response = request.response();
        this.vertx = home.vertx();
        this.context = vertx.getOrCreateContext();
        this.wake = () -> context.runOnContext(woken -> pull());
        this.feed = home.feeds().join(viewer.caller().decision().orgId(), wake);
    }

    /** Sends the head and what there is already. */
    void begin() {
        response.setChunked(true)
                .setWriteQueueMaxSize(QUEUE_BYTES)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader("x-accel-buffering", "no")
                .closeHandler(gone -> finish())
                .exceptionHandler(gone -> finish());
        long tick = Math.max(50, Math.min(home.settings().heartbeat().toMillis(), 1_000) / 2);
        long life = home.settings().lifetime().toMillis();
        long end = life - ThreadLocalRandom.current().nextLong(Math.max(1, life / 10));
        long ticks = vertx.setPeriodic(tick, timer -> look());
        long ends = vertx.setTimer(Math.max(1, end), timer -> finish("lifetime"));
        home.began(this, () -> {
            boolean _ = vertx.cancelTimer(ticks);
            boolean _ = vertx.cancelTimer(ends);
        });
        write(RETRY);
        // Who came in while the others were ended.
        if (home.isDraining()) {
            finish("shutdown");
        }
        pull();
    }

    /** Ends the answer, whole: the client comes back with the last id that it has. */
    Future<Void> end(String why) {
        if (over) {
            return Future.succeededFuture();
        }
        finish();
        return response.end(": " + why + "\n\n").transform(ended -> Future.succeededFuture());
    }

    private void finish(String why) {
        var _ = end(why);
    }

    /** On whatever thread. */
    Future<Void> drain() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> end("shutdown").onComplete(done));
        return done.future();
    }

    private void finish() {
        if (!over) {
            over = true;
            home.feeds().leave(viewer.caller().decision().orgId(), wake);
            home.ended(this, viewer.caller().decision());
        }
    }

    private void look() {
        if (over) {
            return;
        }
        long now = System.nanoTime();
        if (!isFull()) {
            stalledSince = 0;
            if (now - lastWritten >= home.settings().heartbeat().toNanos()) {
                write(HEARTBEAT);
            }
        } else if (stalledSince == 0) {
            stalledSince = now;
        } else if (now - stalledSince > home.settings().stall().toNanos()) {
            home.cut();
            finish();
            request.connection().close().onFailure(gone -> ErrorExit.clientGone());
        }
    }

    private void pull() {
        if (over) {
            return;
        }
        if (busy) {
            again = true;
            return;
        }
        busy = true;
        again = false;
        // A full queue keeps events back, not the look at the token. What another stream has had read is good here as
        // well.
        long since = System.nanoTime() - home.releaseDeadline().toNanos() / 2;
        feed.after(place, isFull() ? 1 : BATCH, since)
                .compose(batch -> viewer.decide(batch.look()).map(decision -> new Seen(batch, decision)))
                .onComplete(done -> context.runOnContext(here -> took(done)));
    }

    private record Seen(Feed.Batch batch, Decision decision) {}

    private void took(AsyncResult<Seen> done) {
        busy = false;
        if (over) {
            return;
        }
        if (done.failed()) {
            if (done.cause() instanceof Refusal refused && refused.code().status() < 500) {
                finish(refused.code().name());
            } else {
                // Nothing was sent; the next look is a second away.
                LOG.atDebug().log("a stream waits for the store");
            }
            return;
        }
        Feed.Batch batch = done.result().batch();
        boolean late = System.nanoTime() - batch.look().sentNanos()
                        > home.releaseDeadline().toNanos()
                // A cut that came in between has waited for this event loop, or will.
                || viewer.isCut(done.result().decision());
        boolean all = !late && send(batch.events(), done.result().decision());
        if (all) {
            place = batch.reached();
        }
        if (late || (all && batch.more())) {
            pull();
        } else if (all && !follow) {
            finish("no more");
        } else if (again) {
            pull();
        }
    }

    /** True when all have been sent; false when the client does not read. */
    private boolean send(List<Event> events, Decision decision) {
        for (Event event : events) {
            if (isFull()) {
                held = true;
                return false;
            }
            if (filter.takes(event) && EventFilter.maySee(decision, event)) {
                write(text(event, EventFilter.maySeeWho(decision, event)));
            }
            place = event.position();
        }
        return true;
    }

    private static String text(Event event, boolean withWho) {
        return "id: " + event.position().text() + "\nevent: " + event.type().text() + "\ndata: "
                + (withWho ? event.toFullJson() : event.toJson()).encode() + "\n\n";
    }

    private boolean isFull() {
        return waiting >= QUEUE_BYTES || response.writeQueueFull();
    }

    private void write(String text) {
        Buffer bytes = Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
        waiting += bytes.length();
        home.waits(waiting);
        lastWritten = System.nanoTime();
        response.write(bytes).onComplete(sent -> {
            waiting -= bytes.length();
            if (held && !isFull()) {
                held = false;
                pull();
            }
        });
    }
}
