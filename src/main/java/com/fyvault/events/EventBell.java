package com.fyvault.events;

import com.fyvault.nodes.News;
import com.fyvault.platform.postgres.StoreFailure;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rings when an organization has new events: here at once, and at the other nodes over the news. A ring may be lost; whoever
 * listens looks once a second all the same. It rings after the commit and not within it, where a NOTIFY would make all
 * changes of the installation wait for each other's disk.
 */
public final class EventBell {
    private static final Logger LOG = LoggerFactory.getLogger(EventBell.class);
    private static final String CHANNEL = "fyvault_event";

    private final String node;
    private final List<Consumer<UUID>> here = new CopyOnWriteArrayList<>();
    private final List<Consumer<UUID>> anywhere = new CopyOnWriteArrayList<>();
    /** Organizations that the news are just told of; true when there is something new since. */
    private final ConcurrentHashMap<UUID, Boolean> telling = new ConcurrentHashMap<>();

    private volatile @Nullable News news;

    /** @param node the name of this one, which has heard its own rings already */
    public EventBell(UUID node) {
        this.node = node.toString();
    }

    /** The news to ring over; before they are started. */
    public void carriedBy(News carrier) {
        news = carrier;
        carrier.listen(CHANNEL, this::heard);
    }

    /** Told of changes that were made on this node. */
    public void onChangeHere(Consumer<UUID> listener) {
        here.add(listener);
    }

    /** Told of changes that were made on any node. */
    public void onChange(Consumer<UUID> listener) {
        anywhere.add(listener);
    }

    /** An organization has new events, and they are committed. */
    void ring(UUID orgId) {
        here.forEach(listener -> listener.accept(orgId));
        anywhere.forEach(listener -> listener.accept(orgId));
        if (!telling.merge(orgId, false, (before, again) -> true)) {
            tell(orgId);
        }
    }

    private void tell(UUID orgId) {
        @Nullable News carrier = news;
        if (carrier == null) {
            boolean _ = telling.remove(orgId, telling.get(orgId));
            return;
        }
        carrier.tell(CHANNEL, orgId + " " + node).onComplete(told -> {
            if (told.failed()) {
                LOG.atDebug()
                        .addKeyValue("cause", StoreFailure.describe(told.cause()))
                        .log("news of events not sent");
            }
            if (telling.computeIfPresent(orgId, (id, again) -> again ? false : null) != null) {
                tell(orgId);
            }
        });
    }

    private void heard(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 2 || parts[1].equals(node)) {
            return;
        }
        try {
            UUID orgId = UUID.fromString(parts[0]);
            anywhere.forEach(listener -> listener.accept(orgId));
        } catch (IllegalArgumentException malformed) {
            LOG.warn("malformed news of events");
        }
    }
}
