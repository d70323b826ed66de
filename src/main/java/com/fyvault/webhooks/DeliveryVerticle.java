package com.fyvault.webhooks;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.events.EventBell;
import com.fyvault.federation.Outward;
import com.fyvault.federation.OutwardClient;
import com.fyvault.notices.Notice;
import com.fyvault.notices.NoticeStore;
import com.fyvault.platform.config.DeliverySettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.StoreFailure;
import com.fyvault.providers.WebhookSecrets;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks, for as long as the node runs. New events become deliveries in the transaction that moves the webhook's
 * cursor, and a delivery is marked when the other side has taken it: whenever a node dies, what was not marked is sent again,
 * under the same id. One that hangs holds its own few tries up and nobody else's. Confined to its event loop.
 */
public final class DeliveryVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryVerticle.class);
    private static final int MOST_BEHIND = 100;
    private static final long HELD_UP_MILLIS = 25;
    private static final Duration BRIEF = Duration.ofSeconds(1);
    /** Within which a try that has ended is marked; else it is made again. */
    private static final Duration MARKED = Duration.ofSeconds(5);

    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofHours(24),
            Duration.ofHours(24));

    private final DeliverySettings settings;
    private final DeliveryStore store;
    private final Parts parts;
    private @Nullable Sender sender;
    private final UnderWay underWay;
    private final Set<UUID> behind = new HashSet<>();
    /** Organizations that had no webhook a moment ago: most have none, and their changes cost nothing here. */
    private final Cache<UUID, Boolean> without = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(10))
            .maximumSize(100_000)
            .build();

    /** Since when nothing but an open transaction has kept an organization's events from being told. */
    private final Map<UUID, Long> heldUpSince = new HashMap<>();

    private boolean enqueuing;
    private boolean taking;
    private boolean again;

    /** What telling stands on. */
    public record Parts(
            Database database,
            EventBell bell,
            WebhookSecrets secrets,
            NoticeStore notices,
            AuditLog audit,
            Uuid7 ids,
            Clock clock) {}

    public DeliveryVerticle(DeliverySettings settings, PostgresDeliveryStore store, Parts parts) {
        this.settings = settings;
        this.underWay = new UnderWay(settings.atOnce());
        this.store = store;
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        Outward outward = new Outward(settings.privateRanges(), settings.loopback());
        OutwardClient client = new OutwardClient(vertx, outward, settings.timeout());
        sender = new Sender(client, outward, parts.secrets(), parts.clock(), settings.timeout());
        Context here = vertx.getOrCreateContext();
        parts.bell().onChangeHere(orgId -> here.runOnContext(rung -> rung(orgId)));
        long _ = vertx.setPeriodic(settings.interval().toMillis(), tick -> look());
        return Future.succeededFuture();
    }

    /** The poll finds it when there is a webhook all the same, such as one that was made on another node. */
    private void rung(UUID orgId) {
        if (without.getIfPresent(orgId) == null) {
            behind.add(orgId);
            enqueue();
        }
    }

    private void look() {
        store.behind(MOST_BEHIND)
                .onSuccess(orgs -> {
                    without.invalidateAll(orgs);
                    behind.addAll(orgs);
                    enqueue();
                })
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("events not looked at"));
        take();
    }

    /** One organization after the other. */
    private void enqueue() {
        if (enqueuing || behind.isEmpty()) {
            return;
        }
        enqueuing = true;
        UUID orgId = behind.iterator().next();
        behind.remove(orgId);
        store.enqueue(orgId).onComplete(done -> {
            enqueuing = false;
            boolean brief = isBrief(orgId, done.succeeded() && done.result().heldUp());
            if (done.failed()) {
                LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(done.cause()))
                        .log("deliveries not written");
            } else if (done.result().webhooks() == 0) {
                without.put(orgId, true);
            } else if (done.result().more() || brief) {
                long _ = vertx.setTimer(HELD_UP_MILLIS, due -> {
                    behind.add(orgId);
                    enqueue();
                });
            }
            take();
            enqueue();
        });
    }

    /** Not for long; what is held up for longer is found by the poll when it is free. */
    private boolean isBrief(UUID orgId, boolean heldUp) {
        if (!heldUp) {
            heldUpSince.remove(orgId);
            return false;
        }
        long now = System.nanoTime();
        return now - heldUpSince.computeIfAbsent(orgId, id -> now) < BRIEF.toNanos();
    }

    /** Takes each only when there is room for it. */
    private void take() {
        if (taking) {
            again = true;
            return;
        }
        if (underWay.isFull()) {
            return;
        }
        taking = true;
        again = false;
        store.take(underWay.room(), settings.timeout().plus(MARKED)).onComplete(done -> {
            taking = false;
            if (done.failed()) {
                LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(done.cause()))
                        .log("deliveries not looked at");
            } else if (done.result().isPresent()) {
                send(done.result().get());
                take();
            } else if (again) {
                take();
            }
        });
    }

    private void send(DeliveryStore.Due due) {
        if (sender == null) {
            return;
        }
        underWay.begin(due);
        told(sender, due)
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("delivery not marked"))
                .onComplete(done -> {
                    underWay.end(due);
                    take();
                });
    }

    private Future<Void> told(Sender by, DeliveryStore.Due due) {
        if (!due.heard()) {
            return store.hush(due);
        }
        return by.send(due).compose(outcome -> outcome.isGood() ? store.sent(due, outcome) : failed(due, outcome));
    }

    private Future<Void> failed(DeliveryStore.Due due, DeliveryStore.Outcome outcome) {
        underWay.failed(due);
        LOG.atInfo()
                .addKeyValue("webhookId", due.webhookId())
                .addKeyValue("eventId", due.eventId())
                .addKeyValue("attempt", due.attempt())
                .addKeyValue("cause", outcome.failure())
                .log("webhook not told");
        return store.failed(due, outcome, wait(due.attempt()))
                .compose(worn -> worn || outcome.isGone() ? pause(due) : Future.succeededFuture());
    }

    /** Give or take a fifth, so that what failed together does not come back together. */
    private static @Nullable Duration wait(int attempt) {
        if (attempt >= DeliveryStore.MOST_ATTEMPTS) {
            return null;
        }
        long millis = WAITS.get(attempt - 1).toMillis();
        return Duration.ofMillis(millis * 4 / 5 + ThreadLocalRandom.current().nextLong(millis * 2 / 5));
    }

    /** Told once: to the trail, to those who listen, and to owners and admins. */
    private Future<Void> pause(DeliveryStore.Due due) {
        UUID orgId = due.orgId();
        return parts.database()
                .inTransaction(
                        orgId,
                        transaction -> store.pause(transaction, orgId, due.webhookId())
                                .compose(addresses -> {
                                    if (addresses == null) {
                                        return Future.succeededFuture();
                                    }
                                    AuditRecord record = new AuditRecord(
                                                    parts.ids().next(), AuditAction.WEBHOOK_UPDATE)
                                            .bySystem(orgId)
                                            .detail(
                                                    "webhook_id",
                                                    due.webhookId().toString())
                                            .detail("paused", true);
                                    Notice notice = new Notice(
                                            orgId,
                                            parts.ids().next(),
                                            Notice.WEBHOOK_PAUSED,
                                            addresses,
                                            parts.clock().instant(),
                                            new JsonObject()
                                                    .put(
                                                            "webhookId",
                                                            due.webhookId().toString()));
                                    return parts.audit()
                                            .append(transaction, record)
                                            .compose(recorded -> parts.notices().add(transaction, notice));
                                }));
    }
}
