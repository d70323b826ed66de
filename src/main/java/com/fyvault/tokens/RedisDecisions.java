package com.fyvault.tokens;

import com.fyvault.crypto.MacKey;
import com.fyvault.platform.config.SharedDecisionSettings;
import com.fyvault.platform.redis.RedisLink;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions shared through Redis. Without Redis, or when it lies, is slow or has forgotten everything, each
 * node asks PostgreSQL for itself.
 *
 * <p>An entry is believed when its MAC is that of a node over this token and this content, it was read within
 * the last minute or so, and at the very epoch that this node knows its organization at; an older one may be
 * from before a revocation, a newer one is PostgreSQL's to explain. One without such a MAC is an alarm.
 */
public final class RedisDecisions implements SharedDecisions {
    private static final Logger LOG = LoggerFactory.getLogger(RedisDecisions.class);
    /** How wrong the clocks of a node and of the database may be together, before entries are of no use. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private static final Duration BETWEEN_ALARMS = Duration.ofSeconds(1);

    /** What became of a question. */
    private enum Outcome {
        BELIEVED,
        ABSENT,
        OUTDATED,
        /** A node wrote it, in a format that this one does not know. */
        UNKNOWN,
        FORGED,
        FAILED
    }

    private final RedisLink link;
    private final EntrySeal seal;
    private final SharedDecisionSettings settings;
    private final Clock clock;
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final AtomicInteger writing = new AtomicInteger();
    private final LongAdder written = new LongAdder();
    private final LongAdder unwritten = new LongAdder();
    private final AtomicLong lastAlarm = new AtomicLong(System.nanoTime() - BETWEEN_ALARMS.toNanos());

    public RedisDecisions(RedisLink link, MacKey key, SharedDecisionSettings settings, Clock clock) {
        this.link = link;
        this.seal = new EntrySeal(key);
        this.settings = settings;
        this.clock = clock;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    @Override
    public Future<@Nullable Decision> find(TokenHash hash, Function<CredentialStore.Found, @Nullable Decision> judge) {
        if (!link.isUp()) {
            return Future.succeededFuture(null);
        }
        // A range, so that whoever writes to Redis cannot make a node take in more than an entry and a byte.
        Request request = Request.cmd(Command.GETRANGE).arg(key(hash)).arg(0).arg(EntrySeal.MOST_BYTES);
        return link.call(request, settings.timeout()).transform(done -> {
            @Nullable Decision decision = null;
            Outcome outcome = Outcome.FAILED;
            if (done.succeeded()) {
                byte[] entry = bytes(done.result());
                CredentialStore.@Nullable Found found = null;
                outcome = entry.length == 0 ? Outcome.ABSENT : Outcome.FORGED;
                byte @Nullable [] content = seal.content(hash, entry);
                if (content != null) {
                    found = seal.open(hash, content);
                    outcome = found == null ? Outcome.UNKNOWN : Outcome.OUTDATED;
                }
                if (found != null && isFresh(found)) {
                    decision = judge.apply(found);
                    outcome = decision == null ? Outcome.OUTDATED : Outcome.BELIEVED;
                }
            }
            count(outcome);
            return Future.succeededFuture(decision);
        });
    }

    @Override
    public void keep(TokenHash hash, CredentialStore.Found found) {
        byte @Nullable [] entry = seal.seal(hash, found);
        if (entry != null) {
            write(Request.cmd(Command.SET).arg(key(hash)).arg(entry).arg("PX").arg(lifeMillis(entry)));
        }
    }

    @Override
    public void forget(TokenHash hash) {
        write(Request.cmd(Command.UNLINK).arg(key(hash)));
    }

    /** Shows how often an entry helped, and how often one was forged. */
    public void bindTo(MeterRegistry registry) {
        outcomes.forEach((outcome, count) -> FunctionCounter.builder("fyvault_shared_decisions", count, LongAdder::sum)
                .description("Decisions asked of Redis, by outcome; a forged one is an alarm")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry));
        FunctionCounter.builder("fyvault_shared_decisions_written", written, LongAdder::sum)
                .description("Entries written to Redis or taken back")
                .register(registry);
        FunctionCounter.builder("fyvault_shared_decisions_unwritten", unwritten, LongAdder::sum)
                .description("Those that were let go, because Redis was away or too many were under way")
                .register(registry);
    }

    private void write(Request request) {
        if (!link.isUp()) {
            unwritten.increment();
            return;
        }
        if (writing.incrementAndGet() > settings.writes()) {
            writing.decrementAndGet();
            unwritten.increment();
            return;
        }
        link.call(request, settings.timeout()).onComplete(done -> {
            writing.decrementAndGet();
            (done.succeeded() ? written : unwritten).increment();
        });
    }

    private boolean isFresh(CredentialStore.Found found) {
        long age = clock.millis() - found.nowMicros() / 1_000;
        return age >= -MOST_SKEW.toMillis()
                && age <= settings.kept().plus(MOST_SKEW).toMillis();
    }

    private void count(Outcome outcome) {
        LongAdder counted = Objects.requireNonNull(outcomes.get(outcome));
        counted.increment();
        if (outcome == Outcome.FORGED) {
            long now = System.nanoTime();
            long last = lastAlarm.get();
            // Who forges one forges many: the metric counts them all.
            if (now - last >= BETWEEN_ALARMS.toNanos() && lastAlarm.compareAndSet(last, now)) {
                LOG.atError()
                        .addKeyValue("forged", counted.sum())
                        .log("alarm: entries in Redis that no node has written");
            }
        }
    }

    /** A token is its own slot of a Cluster, so that no server has them all. */
    private String key(TokenHash hash) {
        return link.prefix() + ":d:" + Base64.getUrlEncoder().withoutPadding().encodeToString(seal.name(hash));
    }

    /** Up to a fifth shorter, by chance that the MAC lends, so that what was written together does not end together. */
    private long lifeMillis(byte[] entry) {
        long kept = settings.kept().toMillis();
        return kept - kept * Byte.toUnsignedInt(entry[entry.length - 1]) / 1_275;
    }

    private static byte[] bytes(@Nullable Response answer) {
        byte @Nullable [] bytes = answer == null ? null : answer.toBytes();
        return bytes == null ? new byte[0] : bytes;
    }
}
