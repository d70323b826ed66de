package com.fyvault.events;

import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.Fields;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events a stream is for, and which of them its token may see.
 *
 * @param types names of types or their beginnings; empty for all
 * @param environment an id or a name
 * @param secret an id or a name
 */
record EventFilter(
        TypeNames types,
        @Nullable UUID project,
        @Nullable String environment,
        @Nullable String secret) {
    private static final int LONGEST = 1_024;
    private static final int LONGEST_NAME = 128;

    static EventFilter of(Call call) {
        @Nullable String types = call.query("type", LONGEST);
        @Nullable String project = call.query("project", LONGEST_NAME);
        @Nullable UUID projectId = project == null ? null : Ids.parse(project);
        if (project != null && projectId == null) {
            throw Fields.invalid("project", "is no id");
        }
        List<String> named = types == null ? List.of() : Arrays.asList(types.split(",", -1));
        return new EventFilter(
                TypeNames.parse("type", named),
                projectId,
                call.query("environment", LONGEST_NAME),
                call.query("secret", LONGEST_NAME));
    }

    boolean takes(Event event) {
        Event.Place place = event.place();
        return types.take(event.type())
                && (project == null || project.equals(place.projectId()))
                && (environment == null || is(environment, place.environmentId(), place.environment()))
                && (secret == null || is(secret, place.secretId(), place.secret()));
    }

    private static boolean is(String reference, @Nullable UUID id, @Nullable String name) {
        boolean isName = name != null && Names.key(name).equals(Names.key(reference));
        return isName || (id != null && id.equals(Ids.parse(reference)));
    }

    /**
     * Whether a token may know of an event. Of a secret whoever may read it; all else is the trail's. To a token that is
     * confined, what is of no project, environment or secret is like what is of another one, as in the trail.
     */
    static boolean maySee(Decision decision, Event event) {
        Event.Place place = event.place();
        if (!isWithin(decision, place)) {
            return false;
        }
        return may(decision, Scope.AUDIT_READ, place.projectId())
                || (event.type().isOfSecrets() && may(decision, Scope.SECRETS_READ, place.projectId()));
    }

    /** Whether a token may know who did it. */
    static boolean maySeeWho(Decision decision, Event event) {
        return may(decision, Scope.AUDIT_READ, event.place().projectId());
    }

    private static boolean may(Decision decision, Scope scope, @Nullable UUID project) {
        return project == null ? decision.scopes().has(scope) : decision.allows(scope, project);
    }

    private static boolean isWithin(Decision decision, Event.Place place) {
        if (place.projectId() == null) {
            return !decision.isConfined();
        }
        if (!decision.allowsProject(place.projectId())) {
            return false;
        }
        if (decision.isConfinedToEnvironments()
                && (place.environmentId() == null
                        || !decision.allowsEnvironment(place.environmentId())
                        || (place.production() && !decision.allowsProduction()))) {
            return false;
        }
        return !decision.isConfinedToSecrets()
                || (place.secretId() != null
                        && place.secret() != null
                        && decision.allowsSecret(place.secretId(), Names.key(place.secret())));
    }
}
