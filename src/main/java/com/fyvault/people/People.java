package com.fyvault.people;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.crypto.Uuid7;
import com.fyvault.guesses.CountGuess;
import com.fyvault.platform.config.PeopleSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** What the use cases about people work with. */
public record People(
        Database database, Stores stores, LoginTokens tokens, PasswordHash hashes, Checks checks, Tools tools) {

    /** The cookie that a browser is known by, when its login is long over. */
    static final String BROWSER_COOKIE = "__Host-fyvault_browser";

    static final String BROWSER_PREFIX = "fvbrw_";

    /** Browsers keep no cookie longer. */
    static final Duration BROWSER_KEPT = Duration.ofDays(400);

    /** Where everything is kept. */
    public record Stores(
            Accounts accounts,
            LoginSessions sessions,
            PasswordGate passwords,
            PendingLogins pending,
            MailTokens mailTokens,
            MailOutbox outbox,
            PersonEvents events) {}

    /** What is asked besides the password, or in place of a mail. */
    public record Checks(CountGuess guesses, SecondFactors factors, Invited invited) {}

    /** What new things are made with. */
    public record Tools(
            Uuid7 ids, SecureRandom random, Clock clock, PeopleSettings settings, Bootstrap bootstrap, EndLogins end) {}

    Accounts accounts() {
        return stores.accounts();
    }

    LoginSessions sessions() {
        return stores.sessions();
    }

    PasswordGate passwords() {
        return stores.passwords();
    }

    PendingLogins pending() {
        return stores.pending();
    }

    MailTokens mailTokens() {
        return stores.mailTokens();
    }

    public MailOutbox outbox() {
        return stores.outbox();
    }

    PersonEvents events() {
        return stores.events();
    }

    CountGuess guesses() {
        return checks.guesses();
    }

    SecondFactors factors() {
        return checks.factors();
    }

    Invited invited() {
        return checks.invited();
    }

    Uuid7 ids() {
        return tools.ids();
    }

    SecureRandom random() {
        return tools.random();
    }

    Clock clock() {
        return tools.clock();
    }

    PeopleSettings settings() {
        return tools.settings();
    }

    EndLogins endLogins() {
        return tools.end();
    }

    /** Holds the login of a call until the commit: refused when it has ended meanwhile. */
    public Future<Void> confirm(PersonCall call, Transaction transaction) {
        Person person = call.person();
        return sessions()
                .holdLive(transaction, person.userId(), person.sessionId())
                .map(live -> {
                    if (live.isEmpty()) {
                        throw Refusal.of(ErrorCode.TOKEN_REVOKED, "The login has ended");
                    }
                    return null;
                });
    }
}
