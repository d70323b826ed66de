package com.fyvault.projects;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Makes a project, changes what it is called, takes it away and for 30 days back again. The default one stays. */
final class EditProject {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_DESCRIPTION = 1_000;

    private final ProjectStore store;
    private final Uuid7 ids;

    EditProject(ProjectStore store, Uuid7 ids) {
        this.store = store;
        this.ids = ids;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        if (call.decision().projects() != null) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to some projects cannot make another");
        }
        admitWhole(call);
        Fields body = call.body();
        ProjectStore.Draft draft = new ProjectStore.Draft(
                call.orgId(),
                ids.next(),
                Names.check(body.text("name", LONGEST_NAME)),
                body.optionalText("description", LONGEST_DESCRIPTION));
        call.record().detail("project", draft.id().toString()).detail("name", draft.name());
        return store.lockList(transaction, call.orgId())
                .compose(locked -> store.add(transaction, draft))
                .compose(added -> store.find(
                        transaction,
                        new ProjectStore.Reference(call.orgId(), draft.id().toString())))
                .map(made -> Answer.created(made.toJson()));
    }

    /** A project is all its environments and secrets: a token that reaches only some of them cannot change it. */
    private static void admitWhole(Call call) {
        if (call.decision().isConfinedToEnvironments() || call.decision().isConfinedToSecrets()) {
            throw Refusal.of(
                    ErrorCode.SCOPE_MISSING, "A token confined to some environments or secrets cannot change projects");
        }
    }

    /** A new name, a new description, both or neither. */
    Future<Answer> update(Call call, Transaction transaction) {
        Fields body = call.body();
        @Nullable String name = body.optionalText("name", LONGEST_NAME);
        ProjectStore.Edit edit = new ProjectStore.Edit(
                name == null ? null : Names.check(name), body.optionalText("description", LONGEST_DESCRIPTION));
        admitWhole(call);
        return store.lockList(transaction, call.orgId())
                .compose(locked -> store.lock(transaction, reference(call)))
                .compose(found -> {
                    Project old = admit(call, found);
                    if (edit.name() != null && !edit.name().equals(old.name())) {
                        call.record().detail("from", old.name()).detail("name", edit.name());
                    }
                    return store.edit(transaction, old, edit).compose(done -> store.find(transaction, byId(old)));
                })
                .map(now -> Answer.ok(now.toJson()));
    }

    Future<Answer> delete(Call call, Transaction transaction) {
        admitWhole(call);
        return store.lockList(transaction, call.orgId())
                .compose(locked -> store.lock(transaction, reference(call)))
                .compose(found -> {
                    Project old = admit(call, found);
                    if (old.isDefault()) {
                        throw Refusal.of(ErrorCode.DEFAULT_CANNOT_GO, "The default project cannot be deleted");
                    }
                    call.record().detail("name", old.name());
                    return store.delete(transaction, old).compose(done -> store.lockDeleted(transaction, byId(old)));
                })
                .map(gone -> Answer.ok(gone.toJson()));
    }

    Future<Answer> undelete(Call call, Transaction transaction) {
        return store.lockList(transaction, call.orgId())
                .compose(locked -> store.lockDeleted(transaction, reference(call)))
                .compose(found -> {
                    Project back = admit(call, found);
                    call.record().detail("name", back.name());
                    return store.undelete(transaction, back).compose(done -> store.find(transaction, byId(back)));
                })
                .map(back -> Answer.ok(back.toJson()));
    }

    /** The project in the call's path. */
    static ProjectStore.Reference reference(Call call) {
        return new ProjectStore.Reference(call.orgId(), Names.key(call.path("project")));
    }

    /** What is out of the token's reach is absent. */
    static Project admit(Call call, Project project) {
        call.admitTo(project.key().projectId());
        call.record().detail("project", project.key().projectId().toString());
        return project;
    }

    private static ProjectStore.Reference byId(Project project) {
        return new ProjectStore.Reference(
                project.key().orgId(), project.key().projectId().toString());
    }
}
