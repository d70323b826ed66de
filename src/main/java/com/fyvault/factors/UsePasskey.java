package com.fyvault.factors;

import com.fyvault.factors.AddPasskey.Ceremony;
import com.fyvault.factors.Challenge.Tie;
import com.fyvault.factors.Challenge.Use;
import com.fyvault.factors.PasskeyRefused.Reason;
import com.fyvault.factors.VerifyPasskey.Asserted;
import com.fyvault.guesses.CountGuess;
import com.fyvault.guesses.CountGuess.Kind;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.UUID;

/// Takes an authenticator's signature as proof of who somebody is.
final class UsePasskey {
    private final PasskeyStore store;
    private final CountGuess guesses;
    private final Ceremony ceremony;

    UsePasskey(PasskeyStore store, CountGuess guesses, Ceremony ceremony) {
        this.store = store;
        this.guesses = guesses;
        this.ceremony = ceremony;
    }

    /// A good signature that has not been used yet.
    ///
    /// @param at the database's clock
    record Proved(Passkey passkey, Asserted asserted, Instant at) {
        UUID userId() {
            return passkey.userId();
        }
    }

    /// Done when the signature is good; fails with [PasskeyRefused] when not.
    Future<Proved> prove(SentKey.Assertion sent, Tie tie) {
        // Who was not named before has to be named by the authenticator (WebAuthn, 7.2, step 6).
        if (tie.use() == Use.LOGIN && sent.userHandle() == null) {
            return Future.failedFuture(new PasskeyRefused(Reason.USER_HANDLE));
        }
        return store.find(sent.credentialId()).compose(found -> {
            if (found == null) {
                throw new PasskeyRefused(Reason.UNKNOWN);
            }
            Passkey passkey = found.passkey();
            return guesses.count(Kind.PASSKEY, passkey.id().toString())
                    .compose(counted -> ceremony.workers()
                            .executeBlocking(() -> ceremony.verify().assertion(sent, passkey, tie), false))
                    .map(asserted -> {
                        if (asserted.challenge().isOver(found.now())) {
                            throw new PasskeyRefused(Reason.EXPIRED);
                        }
                        return new Proved(passkey, asserted, found.now());
                    })
                    .recover(failure -> Future.failedFuture(named(failure, passkey)));
        });
    }

    /// Uses the proof up, in the transaction that acts on it.
    Future<Void> use(Transaction transaction, Proved proved) {
        return store.spend(transaction, proved.asserted().challenge())
                .compose(spent -> {
                    if (!spent) {
                        throw new PasskeyRefused(Reason.REPLAYED);
                    }
                    return store.used(
                            transaction,
                            proved.passkey().id(),
                            proved.asserted().signCount());
                })
                .<Void>map(counted -> {
                    if (!counted) {
                        throw new PasskeyRefused(Reason.SIGN_COUNT);
                    }
                    return null;
                })
                .recover(failure -> Future.failedFuture(named(failure, proved.passkey())));
    }

    private static Throwable named(Throwable failure, Passkey passkey) {
        return failure instanceof PasskeyRefused refused ? refused.of(passkey.userId()) : failure;
    }
}
