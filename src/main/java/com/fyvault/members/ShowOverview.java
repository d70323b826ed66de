package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The figures of an organization, and project by project who has access. Who has the same role everywhere is named once,
 * not in each project, so that the answer does not grow with both.
 */
final class ShowOverview {
    private static final int MOST_PEOPLE = 1_000;

    private final OverviewStore store;
    private final MemberStore members;
    private final TeamStore teams;

    ShowOverview(OverviewStore store, MemberStore members, TeamStore teams) {
        this.store = store;
        this.members = members;
        this.teams = teams;
    }

    /** Somebody, or a team, with what they may do where. */
    private record Holder(JsonObject shown, Role role, ProjectRoles projects) {
        boolean isEverywhere() {
            return role.administers() || !projects.assignedOnly();
        }

        /** True when they are not what they are everywhere. */
        boolean isOwnIn(UUID projectId) {
            return !role.administers() && projects.named().containsKey(projectId);
        }

        JsonObject as(Role held) {
            return shown.copy().put("role", held.text());
        }
    }

    Future<Answer> show(Call call) {
        if (call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to a part of the organization cannot do that");
        }
        UUID orgId = call.orgId();
        return store.figures(orgId)
                .compose(figures -> store.projects(orgId)
                        .compose(projects -> members.list(orgId, null, MOST_PEOPLE)
                                .compose(people -> teams.list(orgId).map(named -> {
                                    List<Holder> holders = new ArrayList<>();
                                    people.forEach(member -> holders.add(new Holder(
                                            new JsonObject()
                                                    .put(
                                                            "userId",
                                                            member.membership()
                                                                    .userId()
                                                                    .toString())
                                                    .put("email", member.email()),
                                            member.membership().role(),
                                            member.membership().projects())));
                                    named.forEach(team -> holders.add(new Holder(
                                            new JsonObject()
                                                    .put(
                                                            "teamId",
                                                            team.team().teamId().toString())
                                                    .put("name", team.name()),
                                            team.team().role(),
                                            team.team().projects())));
                                    holders.removeIf(holder -> holder.role() == Role.NONE);
                                    return answer(figures, projects, holders)
                                            .put("teamCount", named.size())
                                            .put(
                                                    "complete",
                                                    people.size() < MOST_PEOPLE && isComplete(figures, projects));
                                }))))
                .compose(answer -> store.readsToday(orgId).map(reads -> Answer.ok(withReads(answer, reads))));
    }

    private static JsonObject withReads(JsonObject answer, OverviewStore.Reads reads) {
        return answer.put("readsToday", reads.count())
                .put("readsSince", reads.since().toString())
                .put("complete", answer.getBoolean("complete") && reads.complete());
    }

    private static boolean isComplete(OverviewStore.Figures figures, List<OverviewStore.InProject> projects) {
        long secrets =
                projects.stream().mapToLong(OverviewStore.InProject::secrets).sum();
        return figures.keys() <= OverviewStore.MOST_KEYS && secrets < OverviewStore.MOST_SECRETS;
    }

    private static JsonObject answer(
            OverviewStore.Figures figures, List<OverviewStore.InProject> projects, List<Holder> holders) {
        JsonArray everywhere = new JsonArray();
        holders.stream().filter(Holder::isEverywhere).forEach(holder -> everywhere.add(holder.as(holder.role())));
        JsonArray shown = new JsonArray();
        for (OverviewStore.InProject project : projects) {
            UUID id = project.projectId();
            JsonArray own = new JsonArray();
            holders.stream()
                    .filter(holder -> holder.isOwnIn(id))
                    .forEach(holder -> own.add(holder.as(holder.projects().inProject(id, holder.role()))));
            shown.add(new JsonObject()
                    .put("projectId", id.toString())
                    .put("name", project.name())
                    .put("secrets", project.secrets())
                    .put("access", own));
        }
        return new JsonObject()
                .put("projectCount", projects.size())
                .put("memberCount", figures.members())
                .put("openInvitations", figures.invitations())
                .put(
                        "secretCount",
                        projects.stream()
                                .mapToLong(OverviewStore.InProject::secrets)
                                .sum())
                .put("keyCount", figures.keys())
                .put("keysExpiringSoon", figures.expiring())
                .put("keysUnused", figures.unused())
                .put("accessEverywhere", everywhere)
                .put("projects", shown);
    }
}
