package com.fyvault.environments;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;

/** What a call's token reaches of the environments that it names. */
final class EnvironmentAccess {
    private EnvironmentAccess() {}

    /** The project of the call's path, or the default one; what is out of reach is absent. */
    static Future<ProjectKey> project(Call call, EnvironmentStore store) {
        return store.project(Places.reference(call, null)).map(project -> admit(call, project));
    }

    /** The same, locked for a change of its environments. */
    static Future<ProjectKey> lockProject(Call call, Transaction transaction, EnvironmentStore store) {
        if (call.decision().isConfinedToSecrets()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to some secrets cannot change environments");
        }
        return store.lockProject(transaction, Places.reference(call, null)).map(project -> admit(call, project));
    }

    /** The environment in the call's path: a lower-case name or an id. */
    static String reference(Call call) {
        return Names.key(call.path("environment"));
    }

    static Environment admit(Call call, Environment environment) {
        call.record().environment(environment.id());
        if (!allows(call, environment)) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
        }
        return environment;
    }

    /** True when the token reaches the environment. */
    static boolean allows(Call call, Environment environment) {
        boolean production = Names.isProduction(Names.key(environment.name()), environment.isDefault());
        return call.decision().allowsEnvironment(environment.id())
                && (!production || call.decision().allowsProduction());
    }

    private static ProjectKey admit(Call call, ProjectKey project) {
        call.admitTo(project.projectId());
        return project;
    }
}
