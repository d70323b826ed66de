package com.fyvault.advice;

import com.fyvault.people.MailOutbox;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import java.util.List;

/**
 * Writes the weekly mails: an organization a transaction, which holds its row, writes the mails into the outbox and puts off its next
 * turn. So two nodes never write the same one, and what is killed before the commit has written none.
 */
public final class SendDigests implements PurgeRound {
    /** Organizations a round. */
    private static final int MOST = 50;
    /** Items that are counted. */
    private static final int COUNTED = 1_000;

    private final Everywhere everywhere;
    private final PostgresDigestStore store;
    private final PostgresAdviceStore advice;
    private final MailOutbox outbox;

    public SendDigests(Database database, PostgresDigestStore store, PostgresAdviceStore advice, MailOutbox outbox) {
        this.everywhere = database.everywhere();
        this.store = store;
        this.advice = advice;
        this.outbox = outbox;
    }

    /** How many organizations were mailed. */
    @Override
    public Future<Integer> purge() {
        return round(MOST, 0);
    }

    private enum Turn {
        NONE,
        QUIET,
        MAILED
    }

    private Future<Integer> round(int left, int mailed) {
        return left == 0
                ? Future.succeededFuture(mailed)
                : everywhere
                        .inTransaction(this::turn)
                        .compose(turn -> turn == Turn.NONE
                                ? Future.succeededFuture(mailed)
                                : round(left - 1, mailed + (turn == Turn.MAILED ? 1 : 0)));
    }

    private Future<Turn> turn(Transaction transaction) {
        return store.take(transaction).compose(due -> {
            if (due == null) {
                return Future.succeededFuture(Turn.NONE);
            }
            return (due.open() ? mailed(transaction, due) : Future.succeededFuture(false))
                    .compose(
                            sent -> store.putOff(transaction, due.orgId(), sent).map(sent ? Turn.MAILED : Turn.QUIET));
        });
    }

    private Future<Boolean> mailed(Transaction transaction, DigestStore.Due due) {
        AdviceStore.Page page = new AdviceStore.Page(null, null, COUNTED);
        return advice.find(transaction, ListAdvice.everything(due.orgId()), page)
                .compose(found -> {
                    if (found.advice().isEmpty()) {
                        return Future.succeededFuture(false);
                    }
                    return store.recipients(transaction, due.orgId())
                            .compose(recipients -> written(transaction, due, found, recipients));
                });
    }

    private Future<Boolean> written(
            Transaction transaction, DigestStore.Due due, AdviceStore.Found found, List<String> recipients) {
        Future<Void> all = Future.succeededFuture();
        for (String to : recipients) {
            all = all.compose(before ->
                    outbox.sendOnce(transaction, DigestLetter.of(to, due.name(), found.advice(), found.more())));
        }
        return all.map(!recipients.isEmpty());
    }
}
