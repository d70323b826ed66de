package com.fyvault.guesses;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * Bounds the mails that invite somebody, over all nodes: 5 in any hour to one address, whichever organizations they are
 * from, since its owner has asked for none; and 200 of one organization.
 *
 * <p>A mail is counted in the transaction that puts it into the outbox, so what is refused for something else counts nothing.
 * The two refusals are one answer: who else invites an address is nobody's business.
 */
public final class CountInvitation {
    /** To one address, of all organizations together. */
    public static final int MOST_TO_ADDRESS = 5;

    /** Of one organization, to whatever addresses. */
    public static final int MOST_OF_ORG = 200;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final GuessStore.Bound TO_ADDRESS = new GuessStore.Bound(MOST_TO_ADDRESS, HOUR);
    private static final GuessStore.Bound OF_ORG = new GuessStore.Bound(MOST_OF_ORG, HOUR);

    private final GuessStore store;
    private final RowSeal seals;

    public CountInvitation(GuessStore store, RowSeal seals) {
        this.store = store;
        this.seals = seals;
    }

    /** Done when the mail may be sent; RATE_LIMITED when it is one too many. */
    public Future<Void> count(Transaction transaction, UUID orgId, String emailKey) {
        byte[] address =
                seals.fields("invitation-mail.1").add("address").add(emailKey).seal();
        byte[] org = seals.fields("invitation-mail.1").add("org").add(orgId).seal();
        return store.count(transaction, address, TO_ADDRESS)
                .compose(CountInvitation::admitted)
                .compose(in -> store.count(transaction, org, OF_ORG))
                .compose(CountInvitation::admitted);
    }

    private static Future<Void> admitted(Duration wait) {
        return wait.isZero()
                ? Future.succeededFuture()
                : Future.failedFuture(
                        Refusal.of(ErrorCode.RATE_LIMITED, "Too many invitations were mailed; try again later")
                                .withHeaders(Map.of("retry-after", Long.toString(wait.toSeconds()))));
    }
}
