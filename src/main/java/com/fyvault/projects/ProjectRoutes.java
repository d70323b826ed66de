package com.fyvault.projects;

import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Home;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import java.util.List;

/** Projects, under that name and as vaults. */
public final class ProjectRoutes {
    private static final List<String> PATHS = List.of("/orgs/{org}/projects", "/orgs/{org}/vaults");

    private final ListProjects list;
    private final EditProject edit;

    public ProjectRoutes(ProjectStore store, Uuid7 ids) {
        this.list = new ListProjects(store);
        this.edit = new EditProject(store, ids);
    }

    public void mount(Routes routes) {
        // The organization is the token's own: whoever holds only a token starts here.
        routes.get("/vaults", "listVaults", AuditAction.PROJECT_LIST)
                .at(new Home(ListProjects::asked, ErrorCode.ORG_NOT_FOUND))
                .reads(list::vaults);
        for (String projects : PATHS) {
            String project = projects + "/{project}";
            routes.get(projects, "listProjects", AuditAction.PROJECT_LIST).reads(list::list);
            routes.get(project, "getProject", AuditAction.PROJECT_VIEW).reads(list::view);
            routes.post(projects, "createProject", AuditAction.PROJECT_CREATE)
                    .needs(ORG_ADMIN)
                    .writes(edit::create);
            routes.patch(project, "updateProject", AuditAction.PROJECT_UPDATE)
                    .needs(ORG_ADMIN)
                    .writes(edit::update);
            routes.delete(project, "deleteProject", AuditAction.PROJECT_DELETE)
                    .needs(ORG_ADMIN)
                    .writes(edit::delete);
            routes.post(project + "/undelete", "undeleteProject", AuditAction.PROJECT_UNDELETE)
                    .needs(ORG_ADMIN)
                    .writes(edit::undelete);
        }
    }
}
