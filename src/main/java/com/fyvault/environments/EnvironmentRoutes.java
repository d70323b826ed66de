package com.fyvault.environments;

import static com.fyvault.tokens.Scope.ENVIRONMENTS_WRITE;
import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.crypto.Uuid7;

/** Environments of the default project and of any other. Every credential of the organization may look at those that it reaches. */
public final class EnvironmentRoutes {
    private final ListEnvironments list;
    private final EditEnvironment edit;
    private final DeleteEnvironment delete;

    public EnvironmentRoutes(EnvironmentStore store, Uuid7 ids) {
        this.list = new ListEnvironments(store);
        this.edit = new EditEnvironment(store, ids);
        this.delete = new DeleteEnvironment(store);
    }

    public void mount(Routes routes) {
        for (String place : Places.PATHS) {
            String environments = place + "/environments";
            String environment = environments + "/{environment}";
            routes.get(environments, "listEnvironments", AuditAction.ENVIRONMENT_LIST)
                    .reads(list::list);
            routes.get(environment, "getEnvironment", AuditAction.ENVIRONMENT_VIEW)
                    .reads(list::view);
            routes.post(environments, "createEnvironment", AuditAction.ENVIRONMENT_CREATE)
                    .needs(ENVIRONMENTS_WRITE, ORG_ADMIN)
                    .writes(edit::create);
            routes.patch(environment, "updateEnvironment", AuditAction.ENVIRONMENT_UPDATE)
                    .needs(ENVIRONMENTS_WRITE, ORG_ADMIN)
                    .writes(edit::update);
            routes.post(environment + "/set-default", "setDefaultEnvironment", AuditAction.ENVIRONMENT_SET_DEFAULT)
                    .needs(ENVIRONMENTS_WRITE, ORG_ADMIN)
                    .writes(edit::setDefault);
            routes.delete(environment, "deleteEnvironment", AuditAction.ENVIRONMENT_DELETE)
                    .needs(ENVIRONMENTS_WRITE, ORG_ADMIN)
                    .writes(delete::delete);
            routes.post(environment + "/undelete", "undeleteEnvironment", AuditAction.ENVIRONMENT_UNDELETE)
                    .needs(ENVIRONMENTS_WRITE, ORG_ADMIN)
                    .writes(delete::undelete);
        }
    }
}
