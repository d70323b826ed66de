package com.fyvault.people;

import com.fyvault.api.Answer;
import com.fyvault.api.Cookies;
import com.fyvault.api.LoginToken;
import com.fyvault.guesses.CountGuess;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Logs a person in by their password. Whatever is wrong is one answer, and whoever it is for the same work is done in
 * the same order: the account and the browser looked for, the guess counted, the try counted, one Argon2id.
 *
 * <p>A browser gets a cookie and no token in the body, where a script could read it; a program gets a token.
 */
public final class LogIn {
    /** Longer than any password that is taken; what is sent is hashed whatever its length. */
    private static final int LONGEST_TEXT = 320;

    private final People people;

    LogIn(People people) {
        this.people = people;
    }

    /** {@code POST /auth/login} */
    Future<Answer> logIn(PersonCall call) {
        String email = Email.keyOf(call.body().text("email", LONGEST_TEXT));
        byte[] password = password(call.body());
        boolean cookie = wantsCookie(call);
        return people.hashes()
                .checkRoom()
                .compose(room -> people.passwords().find(email, knownBrowser(call)))
                .compose(found -> people.guesses()
                        .count(CountGuess.Kind.PASSWORD, found.subject().name())
                        .compose(counted -> people.passwords().enter(found.subject()))
                        .compose(open -> verified(found, password, open))
                        .compose(account -> account == null
                                ? refused(call, found)
                                : people.factors()
                                        .isEnrolled(account.userId())
                                        .compose(enrolled -> people.database()
                                                .inTransaction(transaction -> people.passwords()
                                                        .passed(transaction, found.subject())
                                                        .compose(passed -> enrolled
                                                                ? awaitFactor(transaction, account, cookie)
                                                                : begin(call, transaction, account, cookie))))));
    }

    /** A login that has everything it needs: its row, its token, and the answer with them. */
    public Future<Answer> begin(PersonCall call, Transaction transaction, Account account, boolean cookie) {
        return begin(call, transaction, new Begun(account, cookie, null));
    }

    /**
     * What a login begins with.
     *
     * @param steppedUpAt when a second factor was confirmed, or null
     */
    public record Begun(
            Account account, boolean cookie, @Nullable Instant steppedUpAt) {}

    /** The same after a second factor. */
    public Future<Answer> begin(PersonCall call, Transaction transaction, Begun begun) {
        UUID id = people.ids().next();
        Account account = begun.account();
        Instant now = people.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Instant end = now.plus(people.settings().life());
        Future<LoginToken> token = begun.cookie()
                ? Future.succeededFuture(people.tokens().cookie())
                : people.tokens().bearer(account.userId(), id, now, end);
        return token.compose(made -> {
            LoginSession session = new LoginSession(
                    id,
                    account.userId(),
                    made.hash(),
                    begun.cookie(),
                    now,
                    begun.steppedUpAt(),
                    now,
                    end,
                    null,
                    call.address(),
                    call.agent());
            PersonEvents.Event event = new PersonEvents.Event(
                    call.id(), account.userId(), PersonEvents.Action.LOGIN, true, id, call.address(), null);
            return people.sessions()
                    .add(transaction, session)
                    .compose(added -> begun.cookie() ? keep(call, transaction, account) : Future.succeededFuture())
                    .compose(kept -> people.events().add(transaction, event))
                    .map(noted -> answer(call, session, made, account));
        });
    }

    private Future<Answer> awaitFactor(Transaction transaction, Account account, boolean cookie) {
        return people.pending()
                .begin(transaction, new PendingLogins.Pending(account.userId(), cookie))
                .map(token -> Answer.ok(new JsonObject()
                        .put("accessToken", "")
                        .put("refreshToken", "")
                        .put("requiresTotp", true)
                        .put("tempToken", token)));
    }

    /** The account when its password is right and everything else allows it; the hash is computed in any case. */
    private Future<@Nullable Account> verified(PasswordGate.Found found, byte[] password, boolean open) {
        @Nullable Account account = found.account();
        @Nullable String hash = account == null ? null : account.passwordHash();
        return people.hashes()
                .verify(password, hash)
                .recover(busy -> open
                        ? people.passwords().giveBack(found.subject()).transform(back -> Future.failedFuture(busy))
                        : Future.failedFuture(busy))
                .map(same -> {
                    boolean may = same && open && account != null && account.isActive();
                    return may ? account : null;
                });
    }

    private Future<Answer> refused(PersonCall call, PasswordGate.Found found) {
        @Nullable UUID userId = found.account() == null ? null : found.account().userId();
        PersonEvents.Event event =
                new PersonEvents.Event(call.id(), userId, PersonEvents.Action.LOGIN, false, null, call.address(), null);
        return people.events().add(event).compose(noted -> Future.failedFuture(Refusal.of(ErrorCode.LOGIN_REFUSED)));
    }

    /** The browser is known from now on, by a cookie that stays when the login is over. */
    private Future<Void> keep(PersonCall call, Transaction transaction, Account account) {
        @Nullable String shown = call.cookie(People.BROWSER_COOKIE);
        String browser = shown != null && TokenFormat.fits(shown, People.BROWSER_PREFIX)
                ? shown
                : TokenFormat.draw(People.BROWSER_PREFIX, people.random());
        call.addCookie(Cookies.set(People.BROWSER_COOKIE, browser, People.BROWSER_KEPT));
        return people.passwords().know(transaction, account.userId(), TokenFormat.hash(browser));
    }

    private Answer answer(PersonCall call, LoginSession session, LoginToken token, Account account) {
        if (session.cookie()) {
            call.addCookie(Cookies.set(
                    LoginToken.COOKIE, token.text(), people.settings().life()));
        }
        return Answer.ok(new JsonObject()
                .put("accessToken", session.cookie() ? "" : token.text())
                .put("refreshToken", "")
                .put("requiresTotp", false)
                .put("tempToken", "")
                .put("expiresAt", session.expiresAt().toString())
                .put("sessionId", session.id().toString())
                .put("user", PersonView.of(account)));
    }

    private static byte[] password(Fields body) {
        byte @Nullable [] sent = body.secret("password");
        if (sent == null) {
            throw Fields.invalid("password", "is missing");
        }
        return PasswordRule.normalised(sent);
    }

    private static @Nullable TokenHash knownBrowser(PersonCall call) {
        @Nullable String cookie = call.cookie(People.BROWSER_COOKIE);
        return cookie != null && TokenFormat.fits(cookie, People.BROWSER_PREFIX) ? TokenFormat.hash(cookie) : null;
    }

    /** What the body says; else whether a page asks. */
    private static boolean wantsCookie(PersonCall call) {
        @Nullable Boolean asked = call.body().optionalFlag("cookie");
        return asked == null ? call.isBrowser() : asked;
    }
}
