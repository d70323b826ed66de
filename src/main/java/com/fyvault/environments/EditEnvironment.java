package com.fyvault.environments;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Makes an environment, or changes what it is called and which one is the default. */
final class EditEnvironment {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_DESCRIPTION = 1_000;

    private final EnvironmentStore store;
    private final Uuid7 ids;

    EditEnvironment(EnvironmentStore store, Uuid7 ids) {
        this.store = store;
        this.ids = ids;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        if (call.decision().isConfinedToEnvironments()) {
            throw Refusal.of(
                    ErrorCode.ENVIRONMENT_NOT_ALLOWED, "A token confined to some environments cannot make another");
        }
        Fields body = call.body();
        EnvironmentStore.Draft draft = new EnvironmentStore.Draft(
                ids.next(),
                Names.check(body.text("name", LONGEST_NAME)),
                body.optionalText("description", LONGEST_DESCRIPTION));
        return EnvironmentAccess.lockProject(call, transaction, store)
                .compose(project -> store.add(transaction, project, draft)
                        .compose(added ->
                                store.find(transaction, project, draft.id().toString())))
                .map(made -> {
                    call.record().environment(made.id()).detail("name", made.name());
                    return Answer.created(made.toJson());
                });
    }

    /** A new name, a new description, both or neither. */
    Future<Answer> update(Call call, Transaction transaction) {
        Fields body = call.body();
        @Nullable String name = body.optionalText("name", LONGEST_NAME);
        EnvironmentStore.Edit edit = new EnvironmentStore.Edit(
                name == null ? null : Names.check(name), body.optionalText("description", LONGEST_DESCRIPTION));
        return found(call, transaction).compose(old -> {
            if (edit.name() != null && !edit.name().equals(old.name())) {
                call.record().detail("from", old.name()).detail("name", edit.name());
            }
            return store.edit(transaction, old, edit).compose(done -> answer(transaction, old));
        });
    }

    /** Hands the default over; to the one that has it, nothing changes. */
    Future<Answer> setDefault(Call call, Transaction transaction) {
        return found(call, transaction).compose(chosen -> {
            if (chosen.isDefault()) {
                return Future.succeededFuture(Answer.ok(chosen.toJson()));
            }
            return store.find(transaction, chosen.project(), null).compose(old -> {
                if (!EnvironmentAccess.allows(call, old)) {
                    throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
                }
                call.record().detail("from", old.id().toString());
                return store.moveDefault(transaction, old, chosen).compose(done -> answer(transaction, chosen));
            });
        });
    }

    private Future<Environment> found(Call call, Transaction transaction) {
        return EnvironmentAccess.lockProject(call, transaction, store)
                .compose(project -> store.find(transaction, project, EnvironmentAccess.reference(call)))
                .map(environment -> EnvironmentAccess.admit(call, environment));
    }

    private Future<Answer> answer(Transaction transaction, Environment changed) {
        return store.find(transaction, changed.project(), changed.id().toString())
                .map(now -> Answer.ok(now.toJson()));
    }
}
