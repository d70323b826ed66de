package com.fyvault.environments;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

/** The environments of a project, all that the token may see or one of them. */
final class ListEnvironments {
    private static final int LONGEST = 8;

    private final EnvironmentStore store;

    ListEnvironments(EnvironmentStore store) {
        this.store = store;
    }

    Future<Answer> list(Call call) {
        boolean deleted = "true".equals(call.query("deleted", LONGEST));
        return EnvironmentAccess.project(call, store)
                .compose(project -> store.list(project, deleted))
                .map(environments -> {
                    JsonArray items = new JsonArray();
                    environments.stream()
                            .filter(environment -> EnvironmentAccess.allows(call, environment))
                            .forEach(environment -> items.add(environment.toJson()));
                    call.record().detail("count", items.size());
                    return Answer.ok(items);
                });
    }

    Future<Answer> view(Call call) {
        return EnvironmentAccess.project(call, store)
                .compose(project -> store.find(project, EnvironmentAccess.reference(call)))
                .map(found -> Answer.ok(EnvironmentAccess.admit(call, found).toJson()));
    }
}
