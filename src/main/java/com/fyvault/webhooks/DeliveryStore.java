package com.fyvault.webhooks;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is to be sent, whoever's it is. */
interface DeliveryStore {
    /** Tries of one event at one webhook; some three and a half days. */
    int MOST_ATTEMPTS = 12;

    /**
     * A try that is to be made now, by whoever took it.
     *
     * @param genuine false when its row was altered by hand
     * @param failing no try has succeeded since one failed
     * @param heard false when whoever made the webhook may not administer any more
     */
    record Due(
            UUID orgId,
            UUID webhookId,
            UUID eventId,
            int attempt,
            String payload,
            String url,
            byte[] secret,
            byte @Nullable [] earlierSecret,
            boolean genuine,
            boolean failing,
            boolean heard) {}

    /** Messages that may wait for one webhook; then it is written none until some are sent. */
    int MOST_WAITING = 10_000;

    /** How a try has ended. */
    record Outcome(@Nullable Integer status, @Nullable String failure) {
        private static final int GONE = 410;

        /** True when the other side says that it wants no more of it. */
        boolean isGone() {
            return status != null && status == GONE;
        }

        boolean isGood() {
            return failure == null;
        }
    }

    /** Organizations with webhooks that have not looked at everything yet. */
    Future<List<UUID>> behind(int most);

    /**
     * Writes deliveries of what is new to the organization's webhooks, and moves these on, in one transaction.
     */
    Future<Progress> enqueue(UUID orgId);

    /**
     * How far it came.
     *
     * @param webhooks that were looked at
     * @param more there is more, now or in a moment
     * @param heldUp there is nothing but what a transaction that is open holds up
     */
    record Progress(int webhooks, boolean more, boolean heldUp) {
        Progress and(Progress next) {
            return new Progress(webhooks + next.webhooks, more || next.more, heldUp || next.heldUp);
        }
    }

    /**
     * What there is room for.
     *
     * @param busyWebhooks that have enough under way
     * @param busyOrgs that have
     * @param forFailing webhooks that fail are taken as well
     */
    record Room(Collection<UUID> busyWebhooks, Collection<UUID> busyOrgs, boolean forFailing) {}

    /**
     * Takes a try that is due.
     *
     * @param held for which nobody else gets it: whoever takes it may die with it in hand
     */
    Future<Optional<Due>> take(Room room, Duration held);

    /** Puts what is due of a webhook away until somebody enables it anew. */
    Future<Void> hush(Due due);

    Future<Void> sent(Due due, Outcome outcome);

    /**
     * @param wait until the next try; null when this was the last one
     * @return true when the webhook has been failing for so long that it should be given up
     */
    Future<Boolean> failed(Due due, Outcome outcome, @Nullable Duration wait);

    /** Gives a webhook up; the addresses of those to tell, and null when somebody else has done it. */
    Future<@Nullable List<String>> pause(Transaction transaction, UUID orgId, UUID webhookId);
}
