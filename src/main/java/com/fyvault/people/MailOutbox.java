package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Mails that go out when the transaction that wrote them has committed. They lie sealed until they are sent, and are
 * gone then.
 */
public interface MailOutbox {
    /** Tries to send a mail. */
    int MOST_ATTEMPTS = 10;

    /** Mails in a list. */
    int MOST_LISTED = 100;

    /** A mail that waits. */
    record Waiting(UUID id, Mail mail, Instant createdAt) {}

    Future<Void> send(Transaction transaction, Mail mail);

    /**
     * The same for a mail that would rather not arrive than arrive twice: from when a node takes it on, no other try is made, unless the
     * mail server has refused it.
     */
    Future<Void> sendOnce(Transaction transaction, Mail mail);

    /** The next mail that is due, for this node to send; until its next turn nobody else does. */
    Future<Optional<Waiting>> take();

    /** Forgets a mail, which was sent. */
    Future<Void> sent(UUID id);

    Future<Void> failed(UUID id, String failure);

    /** The newest mails that wait. */
    Future<List<Waiting>> waiting();
}
