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

    /** A try that is to be made now, by whoever took it. */
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
            boolean failing) {}

    /** How a try has ended. */
    record Outcome(@Nullable Integer status, @Nullable String failure) {
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
     */
    record Progress(int webhooks, boolean more) {}

    /**
     * Takes a try that is due.
     *
     * @param held for which nobody else gets it: whoever takes it may die with it in hand
     */
    Future<Optional<Due>> take(Collection<UUID> exceptOf, Duration held);

    Future<Void> sent(Due due, Outcome outcome);

    /**
     * @param wait until the next try; null when this was the last one
     * @return true when the webhook has been failing for so long that it should be given up
     */
    Future<Boolean> failed(Due due, Outcome outcome, @Nullable Duration wait);

    /** Gives a webhook up; the addresses of those to tell, and null when somebody else has done it. */
    Future<@Nullable List<String>> pause(Transaction transaction, UUID orgId, UUID webhookId);
}
