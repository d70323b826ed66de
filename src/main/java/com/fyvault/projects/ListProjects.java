package com.fyvault.projects;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Home;
import com.fyvault.api.Ids;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Query;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    /** {@code GET /vaults}: those of the token's organization, each with the environments that the token may see. */
    Future<Answer> vaults(Call call) {
        return Future.all(store.list(call.orgId(), false), store.stages(call.orgId()))
                .map(found -> {
                    List<Project> projects = found.resultAt(0);
                    List<ProjectStore.Stage> stages = found.resultAt(1);
                    JsonArray items = new JsonArray();
                    projects.stream()
                            .filter(project ->
                                    call.decision().allowsProject(project.key().projectId()))
                            .forEach(project -> items.add(vault(call, project, stages)));
                    call.record().detail("count", items.size());
                    return Answer.ok(items);
                });
    }

    private static JsonObject vault(Call call, Project project, List<ProjectStore.Stage> stages) {
        JsonArray seen = new JsonArray();
        stages.stream()
                .filter(stage -> stage.projectId().equals(project.key().projectId()) && allows(call, stage))
                .forEach(stage -> seen.add(
                        new JsonObject().put("id", stage.id().toString()).put("name", stage.name())));
        return project.toJson().put("org", project.key().orgId().toString()).put("environments", seen);
    }

    private static boolean allows(Call call, ProjectStore.Stage stage) {
        boolean production = Names.isProduction(Names.key(stage.name()), stage.isDefault());
        return call.decision().allowsEnvironment(stage.id())
                && (!production || call.decision().allowsProduction());
    }

    /** The organization of a login, which may be of many: the query names it. */
    static Future<@Nullable UUID> asked(Home.Request asked) {
        List<String> named = Query.parameters(asked.request().uri()).getOrDefault("organization", List.of());
        if (named.size() != 1) {
            throw Fields.invalid("organization", "is needed once with a login; GET /auth/me/orgs lists them");
        }
        return Future.succeededFuture(Ids.parse(named.get(0)));
    }

    Future<Answer> view(Call call) {
        return store.find(EditProject.reference(call))
                .map(found -> Answer.ok(EditProject.admit(call, found).toJson()));
    }
}
