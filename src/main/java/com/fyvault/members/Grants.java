package com.fyvault.members;

import com.fyvault.credentials.ReachStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a body gives to a member, a team or somebody invited: a role, and where it holds. */
final class Grants {
    /** The fields that say it. */
    static final Set<String> FIELDS = Set.of("role", "projects", "assignedOnly");

    private static final int LONGEST_ROLE = 16;
    private static final int LONGEST_NAME = 128;
    private static final int MOST_BYTES = 40_000;

    private final ReachStore projects;

    Grants(ReachStore projects) {
        this.projects = projects;
    }

    /** A role and where it holds. */
    record Grant(Role role, ProjectRoles projects) {}

    /** The role that the body names, or null when it names none. */
    static @Nullable Role role(Fields body) {
        @Nullable String text = body.optionalText("role", LONGEST_ROLE);
        return text == null ? null : role("role", text);
    }

    /** What the body asks for; what it leaves out stays as it was. */
    Future<Grant> resolve(Transaction transaction, UUID orgId, Fields body, Grant before) {
        @Nullable Role asked = role(body);
        Role role = asked == null ? before.role() : asked;
        @Nullable Map<String, Role> named = named(body);
        @Nullable Boolean only = body.optionalFlag("assignedOnly");
        boolean assignedOnly = only == null ? before.projects().assignedOnly() : only;
        if (role.administers() && ((named != null && !named.isEmpty()) || Boolean.TRUE.equals(only))) {
            throw Fields.invalid("projects", "is not for owners and admins, who are in every project");
        }
        if (named == null) {
            return Future.succeededFuture(new Grant(
                    role, new ProjectRoles(assignedOnly, before.projects().named())));
        }
        return projects.projects(transaction, orgId, List.copyOf(named.keySet()))
                .map(found -> new Grant(role, new ProjectRoles(assignedOnly, byId(named, found))));
    }

    /** A role and where it holds, as answers show it. */
    static JsonObject show(Role role, ProjectRoles where) {
        JsonArray named = new JsonArray();
        boolean everywhere = role.administers();
        List<UUID> ids = everywhere ? List.of() : where.ids();
        List<String> roles = where.texts();
        for (int i = 0; i < ids.size(); i++) {
            named.add(new JsonObject().put("projectId", ids.get(i).toString()).put("role", roles.get(i)));
        }
        return new JsonObject()
                .put("role", role.text())
                .put("assignedOnly", !everywhere && where.assignedOnly())
                .put("projects", named);
    }

    private static Map<UUID, Role> byId(Map<String, Role> named, List<ReachStore.Project> found) {
        Map<UUID, Role> byId = new HashMap<>();
        for (ReachStore.Project project : found) {
            byId.put(project.projectId(), named.getOrDefault(project.reference(), Role.VIEWER));
        }
        long known =
                found.stream().map(ReachStore.Project::reference).distinct().count();
        if (known < named.size()) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        if (byId.size() < named.size()) {
            throw Fields.invalid("projects", "names a project twice");
        }
        return byId;
    }

    private static @Nullable Map<String, Role> named(Fields body) {
        @Nullable String text = body.optionalObject("projects", MOST_BYTES);
        if (text == null) {
            return null;
        }
        Map<String, Role> named = new HashMap<>();
        for (Map.Entry<String, Object> entry : new JsonObject(text)) {
            if (entry.getKey().length() > LONGEST_NAME || !(entry.getValue() instanceof String role)) {
                throw Fields.invalid("projects", "must be an object of roles by project");
            }
            Role inProject = role("projects", role);
            if (inProject == Role.OWNER) {
                throw Fields.invalid("projects", "holds admin, developer, member or viewer");
            }
            named.put(entry.getKey().toLowerCase(Locale.ROOT), inProject);
        }
        if (named.size() > ProjectRoles.MOST) {
            throw Fields.invalid("projects", "holds at most " + ProjectRoles.MOST + " projects");
        }
        return named;
    }

    private static Role role(String field, String text) {
        for (Role role : Role.values()) {
            if (role != Role.NONE && role.text().equals(text)) {
                return role;
            }
        }
        throw Fields.invalid(field, "holds no role: owner, admin, developer, member or viewer");
    }
}
