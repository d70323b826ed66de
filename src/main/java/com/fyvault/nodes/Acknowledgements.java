package com.fyvault.nodes;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other nodes of a cut, and hears from them that nothing decided before it can leave them.
 *
 * <p>An acknowledgement shortens a wait that revocation rests on, so both messages carry a seal that
 * only a node can make: whoever else can send a NOTIFY can neither forge one nor use an old one again.
 */
public final class Acknowledgements {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);
    private static final String CUTS = "fyvault_cut";
    private static final String ACKS = "fyvault_cut_ack";
    /** Cuts waited for at once; more wait their deadline out. */
    private static final int MOST_WAITING = 10_000;

    private final News news;
    private final RowSeal seals;
    private final UUID nodeId;
    private final CutListener listener;
    private final Map<UUID, Waiting> waiting = new ConcurrentHashMap<>();

    /** Who has acknowledged a cut, and who must have; the latter is not known at first. */
    private static final class Waiting {
        private final Set<UUID> heard = new HashSet<>();
        private final Promise<Void> done = Promise.promise();
        private @Nullable Set<UUID> needed;

        void heard(UUID node) {
            look(() -> heard.add(node));
        }

        Future<Void> of(Set<UUID> nodes) {
            look(() -> needed = nodes);
            return done.future();
        }

        private void look(Runnable change) {
            boolean all;
            synchronized (this) {
                change.run();
                all = needed != null && heard.containsAll(needed);
            }
            if (all) {
                done.tryComplete();
            }
        }
    }

    /** Listens at once; the news are started after this. */
    public Acknowledgements(News news, RowSeal seals, UUID nodeId, CutListener listener) {
        this.news = news;
        this.seals = seals;
        this.nodeId = nodeId;
        this.listener = listener;
        news.listen(CUTS, this::onCut);
        news.listen(ACKS, this::onAcknowledgement);
    }

    /** Tells every node of the cut, and remembers who acknowledges it. */
    void tell(UUID id, Cut cut) {
        if (waiting.size() < MOST_WAITING) {
            waiting.put(id, new Waiting());
            tell(
                    CUTS,
                    cutFields(id, nodeId, cut) + " "
                            + hex(cutSeal(id, nodeId, cut).seal()));
        }
    }

    /** Done when each of these nodes has said that the cut has reached it. It may never be; the caller keeps the time. */
    Future<Void> of(UUID id, Set<UUID> nodes) {
        @Nullable Waiting told = waiting.get(id);
        return told == null ? Promise.<Void>promise().future() : told.of(nodes);
    }

    /** Forgets a cut that nobody waits for any more. */
    void forget(UUID id) {
        waiting.remove(id);
    }

    private void onCut(String text) {
        try {
            String[] parts = text.split(" ", -1);
            UUID id = UUID.fromString(parts[0]);
            UUID from = UUID.fromString(parts[1]);
            Cut cut = new Cut(UUID.fromString(parts[2]), UUID.fromString(parts[3]), Long.parseLong(parts[4]));
            if (!cutSeal(id, from, cut).verify(HexFormat.of().parseHex(parts[5]))) {
                LOG.atError().log("alarm: news of a cut with a wrong seal");
            } else if (!from.equals(nodeId)) {
                listener.cut(cut).onSuccess(passed -> acknowledge(id)).onFailure(Acknowledgements::notCut);
            }
        } catch (RuntimeException malformed) {
            LOG.atError().log("alarm: malformed news of a cut");
        }
    }

    private void acknowledge(UUID id) {
        tell(ACKS, id + " " + nodeId + " " + hex(acknowledgementSeal(id, nodeId).seal()));
    }

    private void onAcknowledgement(String text) {
        try {
            String[] parts = text.split(" ", -1);
            UUID id = UUID.fromString(parts[0]);
            UUID from = UUID.fromString(parts[1]);
            @Nullable Waiting known = waiting.get(id);
            if (known == null) {
                return;
            }
            if (acknowledgementSeal(id, from).verify(HexFormat.of().parseHex(parts[2]))) {
                known.heard(from);
            } else {
                LOG.atError().log("alarm: an acknowledgement with a wrong seal");
            }
        } catch (RuntimeException malformed) {
            LOG.atError().log("alarm: malformed acknowledgement");
        }
    }

    private void tell(String channel, String text) {
        news.tell(channel, text)
                .onFailure(lost -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(lost))
                        .log("news not sent"));
    }

    private static void notCut(Throwable failure) {
        LOG.atWarn().addKeyValue("cause", StoreFailure.describe(failure)).log("cut not acknowledged");
    }

    private static String cutFields(UUID id, UUID from, Cut cut) {
        return id + " " + from + " " + cut.orgId() + " " + cut.credentialId() + " " + cut.epoch();
    }

    private RowSeal.Row cutSeal(UUID id, UUID from, Cut cut) {
        return seals.fields("node.cut.1")
                .add(id)
                .add(from)
                .add(cut.orgId())
                .add(cut.credentialId())
                .add(cut.epoch());
    }

    private RowSeal.Row acknowledgementSeal(UUID id, UUID from) {
        return seals.fields("node.cut.ack.1").add(id).add(from);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
