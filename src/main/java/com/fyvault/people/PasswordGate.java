package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who may try a password, and the browsers that are known. A name has five tries in a row, right or wrong; the fifth
 * wrong one closes it for 15 minutes. A browser that has signed in to the account before has five of its own, so that
 * strangers shut nobody out of the browser that they use. A name that nobody has is counted like any other.
 */
public interface PasswordGate {
    /** Wrong passwords in a row that are looked at. */
    int MOST_FAILURES = 5;

    /** Who tries: the key of an address, and the browser if it is one that its account knows. */
    record Subject(String emailKey, @Nullable TokenHash browser) {
        /** What guesses are counted by. */
        String name() {
            return browser == null
                    ? emailKey
                    : emailKey + " browser " + Long.toHexString(browser.first()) + Long.toHexString(browser.second());
        }
    }

    /** An account of an address, if there is one, and who tries. */
    record Found(@Nullable Account account, Subject subject) {}

    /** Looks for the account and the browser, in one statement whether they are there or not. */
    Future<Found> find(String emailKey, @Nullable TokenHash browser);

    /** Counts a try before it is looked at; false when the name is closed. */
    Future<Boolean> enter(Subject subject);

    /** Takes a try back that was counted and not looked at. */
    Future<Void> giveBack(Subject subject);

    /** Forgets the tries: the password was right. */
    Future<Void> passed(Transaction transaction, Subject subject);

    /** Notes that the browser has signed in to the account. */
    Future<Void> know(Transaction transaction, UUID userId, TokenHash browser);

    /** Forgets the browsers that an account knows: its password was reset. */
    Future<Void> forget(Transaction transaction, UUID userId);
}
