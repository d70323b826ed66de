package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends what lets a person in and was found in public: their logins, and what was mailed to them or lies in a browser. Each end
 * stands among the events of the person.
 */
public final class EndFound {
    /** How texts begin that are good for one step: a mailed link, a login that waits for its second factor, a known browser. */
    public static final Set<String> ERRANDS =
            Set.of(PostgresMailTokens.PREFIX, PostgresPendingLogins.PREFIX, People.BROWSER_PREFIX);

    private final People people;
    private final PostgresFoundErrands errands;
    private final Letters letters;

    EndFound(People people, PostgresFoundErrands errands) {
        this.people = people;
        this.errands = errands;
        this.letters = new Letters(people.settings().url());
    }

    /** What knows the tokens of logins. */
    public LoginTokens logins() {
        return people.tokens();
    }

    /** Who has found it, and from where they said so. */
    public record By(String reporter, ClientAddress address) {}

    /**
     * A login that was found.
     *
     * @param told whether its person is told of it by an organization
     */
    public record Login(UUID userId, UUID sessionId, boolean told) {}

    /** Ends a login; when it is done nothing is released on it any more. One that has ended is left as it is. */
    public Future<Void> login(Login login, By by) {
        PersonEvents.Event event = event(login.userId(), login.sessionId(), "login", by);
        return letter(login)
                .compose(letter -> people.database()
                        .inTransaction(transaction -> people.endLogins()
                                .one(transaction, login.userId(), login.sessionId())
                                .compose(ended -> (ended.logins() == 0
                                                ? Future.<Void>succeededFuture()
                                                : told(transaction, event, letter))
                                        .map(ended))))
                .compose(ended -> people.endLogins().settle(ended));
    }

    private Future<Optional<Mail>> letter(Login login) {
        return login.told()
                ? Future.succeededFuture(Optional.empty())
                : people.accounts()
                        .find(login.userId())
                        .map(account -> Optional.ofNullable(account).map(found -> letters.loginFound(found.mailbox())));
    }

    private Future<Void> told(Transaction transaction, PersonEvents.Event event, Optional<Mail> letter) {
        return people.events()
                .add(transaction, event)
                .compose(noted -> letter.isEmpty()
                        ? Future.succeededFuture()
                        : people.outbox().send(transaction, letter.get()));
    }

    /** Ends what is good for one step; the hashes of those that there were. */
    public Future<Set<TokenHash>> errands(Set<TokenHash> hashes, By by) {
        if (hashes.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        return people.database()
                .inTransaction(transaction -> errands.end(transaction, hashes)
                        .compose(ended -> noted(transaction, ended, by).map(ended))
                        .map(ended -> ended.stream()
                                .map(PostgresFoundErrands.Errand::hash)
                                .collect(Collectors.toSet())));
    }

    private Future<Void> noted(Transaction transaction, List<PostgresFoundErrands.Errand> ended, By by) {
        Future<Void> all = Future.succeededFuture();
        for (PostgresFoundErrands.Errand errand : ended) {
            @Nullable UUID userId = errand.userId();
            if (errand.live() && userId != null) {
                all = all.compose(before -> people.events().add(transaction, event(userId, null, errand.what(), by)));
            }
        }
        return all;
    }

    private PersonEvents.Event event(UUID userId, @Nullable UUID sessionId, String what, By by) {
        return new PersonEvents.Event(
                people.ids().next(),
                userId,
                PersonEvents.Action.LEAK_FOUND,
                true,
                sessionId,
                by.address(),
                new JsonObject().put("of", what).put("reporter", by.reporter()));
    }
}
