package com.fyvault.projects;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

/** The projects of an organization, all that the token may see or one of them. */
final class ListProjects {
    private static final int LONGEST = 8;

    private final ProjectStore store;

    ListProjects(ProjectStore store) {
        this.store = store;
    }

    Future<Answer> list(Call call) {
        boolean deleted = "true".equals(call.query("deleted", LONGEST));
        return store.list(call.orgId(), deleted).map(projects -> {
            JsonArray items = new JsonArray();
            projects.stream()
                    .filter(project ->
                            call.decision().allowsProject(project.key().projectId()))
                    .forEach(project -> items.add(project.toJson()));
            call.record().detail("count", items.size());
            return Answer.ok(items);
        });
    }

    Future<Answer> view(Call call) {
        return store.find(EditProject.reference(call))
                .map(found -> Answer.ok(EditProject.admit(call, found).toJson()));
    }
}
