package com.fyvault.credentials;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Edits and rolls API keys. What takes away, whoever sees the key may do; what gives, only its owner in person. */
final class EditKey {
    private final ChangeKey change;
    private final Issuers issuers;

    EditKey(ChangeKey change, Issuers issuers) {
        this.change = change;
        this.issuers = issuers;
    }

    /** Changes label, scopes, lists and expiry in place, never the token. */
    Future<Answer> edit(Call call, Transaction transaction) {
        KeyAccess.checkIssuer(call);
        KeyRequest request = KeyRequest.ofKey(call.body());
        return change.edit(
                        call,
                        transaction,
                        KeyAccess.KEYS,
                        before -> change.asked(call, transaction, before, request)
                                .compose(after -> issuers.checkEdit(call, transaction, before.credential(), after)))
                .map(now -> Answer.ok(KeyView.of(now)));
    }

    /** Gives the key another token, which is shown once. */
    Future<Answer> roll(Call call, Transaction transaction) {
        call.body().refuseAllBut(Set.of());
        Issuers.checkPerson(call);
        return change.roll(call, transaction, key -> issuers.checkRoll(call, transaction, key))
                .map(rolled -> {
                    JsonObject shown = KeyView.of(rolled.credential(), rolled.active());
                    return Answer.ok(KeyView.once(shown, rolled.token())).replayedAs(shown);
                });
    }
}
