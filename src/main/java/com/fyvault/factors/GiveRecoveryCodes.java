package com.fyvault.factors;

import com.fyvault.api.Answer;
import com.fyvault.factors.FactorGate.Subject;
import com.fyvault.factors.FactorStore.Enrolled;
import com.fyvault.people.Memberships;
import com.fyvault.people.Person;
import com.fyvault.people.PersonCall;
import com.fyvault.people.PersonEvents.Action;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Recovery codes: given with the first factor, given anew on demand, and gone with the last factor.
final class GiveRecoveryCodes {
    private final FactorGate gate;
    private final FactorStore store;
    private final RecoveryCodes codes;
    private final Memberships memberships;

    GiveRecoveryCodes(FactorGate gate, FactorStore store, RecoveryCodes codes, Memberships memberships) {
        this.gate = gate;
        this.store = store;
        this.codes = codes;
        this.memberships = memberships;
    }

    /// `POST /users/me/recovery-codes`: ten new ones; those before are good no more.
    Future<Answer> renew(PersonCall call) {
        Person person = call.person();
        return gate.change(
                call,
                transaction -> store.lock(transaction, person.userId())
                        .compose(enrolled -> {
                            if (!enrolled.any()) {
                                throw Refusal.of(ErrorCode.SECOND_FACTOR_REQUIRED);
                            }
                            FactorGate.requireFresh(person, enrolled.now());
                            return replace(transaction, person.userId());
                        })
                        .compose(given -> gate.note(
                                        call,
                                        transaction,
                                        Subject.of(person, Action.FACTOR_ADD),
                                        new JsonObject().put("factor", "recovery_codes"))
                                .map(Answer.created(new JsonObject().put("recoveryCodes", given)))));
    }

    /// With the first factor: the codes; null for somebody who has some.
    Future<@Nullable JsonArray> first(Transaction transaction, UUID user, Enrolled before) {
        return before.any() && before.recoveryCodes() > 0
                ? Future.succeededFuture(null)
                : replace(transaction, user).map(given -> given);
    }

    /// After a factor has gone: without any, there is nothing to recover. The last one stays while an organization
    /// asks for one.
    Future<Void> tidy(Transaction transaction, UUID user) {
        return store.lock(transaction, user)
                .compose(left -> left.any() ? Future.succeededFuture() : lastGone(transaction, user));
    }

    private Future<Void> lastGone(Transaction transaction, UUID user) {
        return memberships.anyAsksForSecondFactor(transaction, user).compose(asked -> {
            if (asked) {
                throw Refusal.of(ErrorCode.SECOND_FACTOR_REQUIRED_BY_ORG);
            }
            return store.replaceRecoveryCodes(transaction, user, List.of());
        });
    }

    private Future<JsonArray> replace(Transaction transaction, UUID user) {
        List<String> drawn = codes.draw();
        List<byte[]> hashes = drawn.stream().map(code -> codes.hash(user, code)).toList();
        return store.replaceRecoveryCodes(transaction, user, hashes).map(new JsonArray(drawn));
    }
}
