package com.fyvault.environments;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;

/** Takes an environment with its values away, and for 30 days back again. The default one stays. */
final class DeleteEnvironment {
    private final EnvironmentStore store;

    DeleteEnvironment(EnvironmentStore store) {
        this.store = store;
    }

    Future<Answer> delete(Call call, Transaction transaction) {
        return EnvironmentAccess.lockProject(call, transaction, store)
                .compose(project -> store.find(transaction, project, EnvironmentAccess.reference(call)))
                .compose(found -> {
                    if (EnvironmentAccess.admit(call, found).isDefault()) {
                        throw Refusal.of(ErrorCode.DEFAULT_CANNOT_GO);
                    }
                    call.record().detail("name", found.name());
                    return store.delete(transaction, found)
                            .compose(done -> store.findDeleted(
                                    transaction, found.project(), found.id().toString()));
                })
                .map(gone -> Answer.ok(gone.toJson()));
    }

    Future<Answer> undelete(Call call, Transaction transaction) {
        return EnvironmentAccess.lockProject(call, transaction, store)
                .compose(project -> store.findDeleted(transaction, project, EnvironmentAccess.reference(call)))
                .compose(found -> {
                    Environment back = EnvironmentAccess.admit(call, found);
                    call.record().detail("name", back.name());
                    return store.undelete(transaction, back)
                            .compose(done -> store.find(
                                    transaction, back.project(), back.id().toString()));
                })
                .map(back -> Answer.ok(back.toJson()));
    }
}
