package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.async.NextFlight;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.Team;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The figures of an organization, and project by project who has access. Who has the same role everywhere is named once,
 * not in each project, so that the answer does not grow with both.
 *
 * <p>Who may ask sees all of the organization, so those who ask at once share one count. It begins after they were let in.
 */
final class ShowOverview {
    private static final int MOST_PEOPLE = 1_000;

    private final OverviewStore store;
    private final MemberStore members;
    private final TeamStore teams;
    private final NextFlight<UUID, Counted> counting;

    ShowOverview(OverviewStore store, MemberStore members, TeamStore teams, Vertx vertx) {
        this.store = store;
        this.members = members;
        this.teams = teams;
        this.counting = new NextFlight<>(vertx);
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

    /** What the organization has, whoever asks. */
    private record Counted(
            OverviewStore.Figures figures,
            List<OverviewStore.InProject> projects,
            List<Member> people,
            List<TeamStore.Named> teams,
            OverviewStore.Reads reads) {
        boolean isComplete() {
            long secrets = projects.stream()
                    .mapToLong(OverviewStore.InProject::secrets)
                    .sum();
            return people.size() < MOST_PEOPLE
                    && figures.keys() <= OverviewStore.MOST_KEYS
                    && secrets < OverviewStore.MOST_SECRETS
                    && reads.complete();
        }
    }

    Future<Answer> show(Call call) {
        if (call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to a part of the organization cannot do that");
        }
        UUID orgId = call.orgId();
        return counting.run(orgId, () -> count(orgId)).map(counted -> Answer.ok(answer(counted)));
    }

    private Future<Counted> count(UUID orgId) {
        return store.figures(orgId)
                .compose(figures -> store.projects(orgId)
                        .compose(projects -> members.list(orgId, null, MOST_PEOPLE)
                                .compose(people -> teams.list(orgId)
                                        .compose(named -> store.readsToday(orgId)
                                                .map(reads -> new Counted(figures, projects, people, named, reads))))));
    }

    private static JsonObject answer(Counted counted) {
        OverviewStore.Reads reads = counted.reads();
        return answer(counted.figures(), counted.projects(), holders(counted))
                .put("teamCount", counted.teams().size())
                .put("readsToday", reads.count())
                .put("readsSince", reads.since().toString())
                .put("complete", counted.isComplete());
    }

    private static List<Holder> holders(Counted counted) {
        List<Holder> holders = new ArrayList<>();
        for (Member member : counted.people()) {
            Membership held = member.membership();
            JsonObject shown =
                    new JsonObject().put("userId", held.userId().toString()).put("email", member.email());
            holders.add(new Holder(shown, held.role(), held.projects()));
        }
        for (TeamStore.Named named : counted.teams()) {
            Team held = named.team();
            JsonObject shown =
                    new JsonObject().put("teamId", held.teamId().toString()).put("name", named.name());
            holders.add(new Holder(shown, held.role(), held.projects()));
        }
        holders.removeIf(holder -> holder.role() == Role.NONE);
        return holders;
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
