package com.fyvault.platform.redis;

import com.fyvault.platform.config.RedisSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a node to Redis, and whether it can be relied on.
 *
 * <p>The client neither reconnects nor notices that the other end has gone silent. So: a PING each
 * 200 ms finds a half-open link; five failures within a second, be they of calls or of PINGs, or three
 * PINGs missed in a row, take the link down. Down means that the connection is closed, because what
 * comes on it later is late, and that calls fail at once. A new connection that has answered a PING
 * takes it up again; one is tried after 50 ms, then at most each 500 ms.
 *
 * <p>Listeners hear "up" before anybody can use the new connection: what depended on messages that may
 * have been missed is cleared there, before new ones are believed.
 */
@SuppressWarnings("ReferenceEquality") // A connection is the one in use, or it is not.
public final class RedisLink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final int MOST_MISSED = 3;
    private static final int MOST_FAILURES = 5;
    private static final Duration FAILURES_WITHIN = Duration.ofSeconds(1);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Vertx vertx;
    private final RedisSettings settings;
    private final Breaker breaker = new Breaker(MOST_FAILURES, FAILURES_WITHIN.toNanos());
    private final List<Runnable> onUp = new CopyOnWriteArrayList<>();
    private final List<Runnable> onDown = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder losses = new LongAdder();
    private final ContextInternal context;
    // The connection in use; null while the link is down. Everything below it belongs to the context.
    private volatile @Nullable RedisConnection connection;
    private @Nullable Redis client;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private int missed;
    private long heartbeat = -1;
    private boolean closed;

    public RedisLink(Vertx vertx, RedisSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.context = ((io.vertx.core.internal.VertxInternal) vertx).createEventLoopContext();
    }

    /** Begins to connect. Done when the first attempt has ended, well or not: no server waits for Redis. */
    public Future<Void> start() {
        Promise<Void> first = Promise.promise();
        context.runOnContext(go -> {
            heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), tick -> beat());
            connect().onComplete(done -> first.complete());
        });
        return first.future();
    }

    /** True when calls are sent; false when they fail at once. */
    public boolean isUp() {
        return connection != null;
    }

    /** Runs it each time the link has come up, before anybody can use it. */
    public void onUp(Runnable listener) {
        onUp.add(listener);
    }

    /** Runs it each time the link has gone down. */
    public void onDown(Runnable listener) {
        onDown.add(listener);
    }

    /** What every key begins with. */
    public String prefix() {
        return settings.prefix();
    }

    /** Sends a command and waits for the call timeout at most. Answers on the caller's event loop. */
    public Future<@Nullable Response> call(Request request) {
        return call(request, settings.callTimeout());
    }

    /** The same with another limit. */
    public Future<@Nullable Response> call(Request request, Duration timeout) {
        ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
        if (connection == null) {
            refused.increment();
            return caller.failedFuture(RedisDown.down());
        }
        if (underWay.incrementAndGet() > settings.queue()) {
            underWay.decrementAndGet();
            refused.increment();
            return caller.failedFuture(RedisDown.busy());
        }
        Promise<@Nullable Response> promise = caller.promise();
        context.runOnContext(go -> send(request, timeout).onComplete(done -> {
            underWay.decrementAndGet();
            promise.handle(done);
        }));
        return promise.future();
    }

    /** Closes for good. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(go -> {
            closed = true;
            vertx.cancelTimer(heartbeat);
            drop();
            done.complete();
        });
        return done.future();
    }

    /** Shows the link's state and what became of its calls; no label is of a request. */
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("fyvault_redis_up", this, link -> link.isUp() ? 1 : 0)
                .description("1 while Redis answers")
                .register(registry);
        counter(registry, "answered", answered);
        counter(registry, "failed", failed);
        counter(registry, "refused", refused);
        FunctionCounter.builder("fyvault_redis_losses", losses, LongAdder::sum)
                .description("Times that the link to Redis went down")
                .register(registry);
    }

    /** For an outcome that changes nothing. */
    static void ignore(Throwable failure) {
        LOG.debug("a call to Redis failed");
    }

    private static void counter(MeterRegistry registry, String outcome, LongAdder count) {
        FunctionCounter.builder("fyvault_redis_calls", count, LongAdder::sum)
                .description("Calls to Redis; those refused were not sent")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Future<@Nullable Response> send(Request request, Duration timeout) {
        @Nullable RedisConnection to = connection;
        if (to == null) {
            return Future.failedFuture(RedisDown.down());
        }
        return to.send(request)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(answer -> answered.increment())
                .onFailure(failure -> failed(to, failure));
    }

    /** An error that Redis answers with is an answer, unless it says that this server cannot serve. */
    private void failed(RedisConnection from, Throwable failure) {
        if (failure instanceof ErrorType error && !unfit(error)) {
            answered.increment();
            return;
        }
        failed.increment();
        assert context.inThread() : "the breaker belongs to the link's context";
        if (from == connection && breaker.failed(System.nanoTime())) {
            lost("too many calls failed");
        }
    }

    private static boolean unfit(ErrorType error) {
        String text = String.valueOf(error.getMessage());
        return List.of("LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "OOM", "MISCONF", "NOAUTH").stream()
                .anyMatch(text::startsWith);
    }

    private void beat() {
        @Nullable RedisConnection asked = connection;
        if (asked == null) {
            return;
        }
        send(Request.cmd(Command.PING), settings.callTimeout()).onComplete(done -> {
            if (asked != connection) {
                return;
            }
            missed = done.succeeded() ? 0 : missed + 1;
            if (missed >= MOST_MISSED) {
                lost("it does not answer");
            }
        });
    }

    private void lost(String why) {
        LOG.atWarn().addKeyValue("why", why).log("redis is down");
        losses.increment();
        drop();
        retry();
    }

    private void drop() {
        @Nullable RedisConnection old = connection;
        connection = null;
        if (old != null) {
            onDown.forEach(Runnable::run);
        }
        if (client != null) {
            // Closing the connection alone would put it back into the client's pool, with what is late on it.
            client.close().onFailure(RedisLink::ignore);
            client = null;
        }
    }

    private void retry() {
        if (!closed) {
            vertx.setTimer(pauseMillis, tick -> connect().onFailure(RedisLink::ignore));
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
    }

    /** Connects with a client of its own, and asks for a PING's answer before it believes that somebody is there. */
    private Future<Void> connect() {
        Redis fresh = Redis.createClient(vertx, settings.options());
        // The client has no limit of its own for the greeting.
        return fresh.connect()
                .timeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .compose(to -> to.send(Request.cmd(Command.PING))
                        .timeout(settings.callTimeout().toMillis() * 2, TimeUnit.MILLISECONDS)
                        .map(to))
                .onSuccess(to -> up(fresh, to))
                .onFailure(away -> {
                    fresh.close().onFailure(RedisLink::ignore);
                    retry();
                })
                .mapEmpty();
    }

    private void up(Redis fresh, RedisConnection to) {
        if (closed) {
            fresh.close().onFailure(RedisLink::ignore);
            return;
        }
        var _ = to.exceptionHandler(broken -> ended(to)).endHandler(end -> ended(to));
        breaker.reset();
        missed = 0;
        pauseMillis = FIRST_PAUSE_MILLIS;
        onUp.forEach(Runnable::run);
        client = fresh;
        connection = to;
        LOG.info("redis is up");
    }

    private void ended(RedisConnection which) {
        if (which == connection && !closed) {
            lost("the connection ended");
        }
    }
}
