package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.credentials.OwnedKeys;
import com.fyvault.crypto.Uuid7;
import com.fyvault.orgs.StandingStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.Team;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Teams: who is in one, and what its keys may do. A team has a role of its own, which cuts the keys that it owns as the role of
 * a person cuts theirs; being in it changes nothing for anybody's own keys (docs/decisions/project-roles.md).
 */
final class EditTeam {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_ID = 64;

    private final Parts parts;
    private final Grants grants;

    /** What teams are changed with. */
    record Parts(
            TeamStore store,
            StandingStore roles,
            Handover handover,
            OwnedKeys keys,
            Withdrawals withdrawals,
            Uuid7 ids,
            Clock clock) {}

    EditTeam(Parts parts, Grants grants) {
        this.parts = parts;
        this.grants = grants;
    }

    Future<Answer> list(Call call) {
        return parts.store().list(call.orgId()).map(teams -> {
            call.record().detail("count", teams.size());
            return Answer.ok(new JsonArray(teams.stream().map(EditTeam::show).toList()));
        });
    }

    /** A team with everybody in it. */
    Future<Answer> view(Call call) {
        UUID id = call.id("team", ErrorCode.TEAM_NOT_FOUND);
        return parts.store()
                .find(call.orgId(), id)
                .map(EditTeam::present)
                .compose(team -> parts.store()
                        .members(call.orgId(), id)
                        .map(members -> Answer.ok(show(team).put("people", people(members)))));
    }

    Future<Answer> create(Call call, Transaction transaction) {
        call.body().refuseAllBut(with(Grants.FIELDS, "name"));
        String name = name(call.body().text("name", LONGEST_NAME));
        Grants.Grant usual =
                new Grants.Grant(Role.DEVELOPER, new ProjectRoles(call.body().has("projects"), Map.of()));
        return grants.resolve(transaction, call.orgId(), call.body(), usual).compose(asked -> {
            checkRole(call, asked.role());
            Team team = new Team(call.orgId(), parts.ids().next(), asked.role(), asked.projects());
            call.record()
                    .detail("team_id", team.teamId().toString())
                    .detail("name", name)
                    .detail("role", team.role().text());
            return Authorisation.checkGiven(call, transaction, Role.NONE, team.role())
                    .compose(may -> parts.store().add(transaction, team, name))
                    .map(added -> Answer.created(show(new TeamStore.Named(team, name, 0, 0))));
        });
    }

    /** Another name, another role, other projects. What is left out stays. */
    Future<Answer> edit(Call call, Transaction transaction) {
        call.body().refuseAllBut(with(Grants.FIELDS, "name"));
        @Nullable String named = call.body().optionalText("name", LONGEST_NAME);
        return held(call, transaction).compose(before -> {
            Team team = before.team();
            String name = named == null ? before.name() : name(named);
            return grants.resolve(
                            transaction, call.orgId(), call.body(), new Grants.Grant(team.role(), team.projects()))
                    .compose(asked -> {
                        checkRole(call, asked.role());
                        Team after = new Team(team.orgId(), team.teamId(), asked.role(), asked.projects());
                        call.record()
                                .detail("from", team.role().text())
                                .detail("role", after.role().text())
                                .detail("projects", after.projects().named().size());
                        return Authorisation.checkGiven(call, transaction, team.role(), after.role())
                                .compose(may -> change(call, transaction, after, name))
                                .map(done -> Answer.ok(
                                        show(new TeamStore.Named(after, name, before.members(), before.keys()))));
                    });
        });
    }

    /** Ends the team and the keys that it owns, but for those that another is to have. */
    Future<Answer> delete(Call call, Transaction transaction) {
        return held(call, transaction).compose(before -> {
            OwnedKeys.Owner owner = owner(before.team());
            Team gone = new Team(before.team().orgId(), before.team().teamId(), Role.NONE, ProjectRoles.ALL);
            return parts.handover()
                    .ofQuery(call, transaction, owner)
                    .compose(handed -> parts.keys()
                            .end(transaction, owner, call.caller().actor(), now())
                            .compose(ended -> {
                                call.record().detail("transferred", handed).detail("revoked", ended);
                                return change(call, transaction, gone, before.name())
                                        .compose(done -> parts.store().remove(transaction, gone.orgId(), gone.teamId()))
                                        .map(removed -> Answer.ok(new JsonObject()
                                                .put("teamId", gone.teamId().toString())
                                                .put("transferred", handed)
                                                .put("revoked", ended)));
                            }));
        });
    }

    /** Gives keys of the team to a member or another team. */
    Future<Answer> transfer(Call call, Transaction transaction) {
        return held(call, transaction)
                .compose(before -> parts.handover()
                        .ofBody(call, transaction, owner(before.team()))
                        .compose(count -> change(call, transaction, before.team(), before.name())
                                .map(done -> Answer.ok(new JsonObject().put("transferred", count)))));
    }

    /** Puts a member into the team; to do it again changes nothing. */
    Future<Answer> add(Call call, Transaction transaction) {
        call.body().refuseAllBut(Set.of("userId"));
        @Nullable UUID userId = Ids.parse(call.body().text("userId", LONGEST_ID));
        if (userId == null) {
            throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND);
        }
        return held(call, transaction)
                .compose(team -> parts.roles()
                        .find(transaction, call.orgId(), userId)
                        .compose(member -> {
                            if (member == null || member.role() == Role.NONE) {
                                throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND);
                            }
                            call.record().detail("user_id", userId.toString());
                            return parts.store()
                                    .addMember(
                                            transaction,
                                            call.orgId(),
                                            team.team().teamId(),
                                            userId);
                        }))
                .map(added -> Answer.done());
    }

    Future<Answer> drop(Call call, Transaction transaction) {
        UUID userId = call.id("user", ErrorCode.MEMBER_NOT_FOUND);
        return held(call, transaction)
                .compose(team -> parts.store()
                        .dropMember(transaction, call.orgId(), team.team().teamId(), userId))
                .map(dropped -> {
                    if (!dropped) {
                        throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND);
                    }
                    call.record().detail("user_id", userId.toString());
                    return Answer.done();
                });
    }

    private Future<Void> change(Call call, Transaction transaction, Team after, String name) {
        return parts.store().set(transaction, after, name).map(epoch -> {
            call.afterCommit(() -> parts.withdrawals().settle(call.decision().org(), after.teamId(), epoch));
            return null;
        });
    }

    private Future<TeamStore.Named> held(Call call, Transaction transaction) {
        Authorisation.check(call);
        UUID id = call.id("team", ErrorCode.TEAM_NOT_FOUND);
        call.record().detail("team_id", id.toString());
        return parts.store().hold(transaction, call.orgId(), id).map(found -> {
            TeamStore.Named team = present(found);
            Authorisation.check(call, team.team().role());
            return team;
        });
    }

    private static TeamStore.Named present(TeamStore.@Nullable Named found) {
        if (found == null) {
            throw Refusal.of(ErrorCode.TEAM_NOT_FOUND);
        }
        return found;
    }

    private static void checkRole(Call call, Role role) {
        if (role == Role.OWNER) {
            throw Fields.invalid("role", "is a person's alone: a team is no owner");
        }
        Authorisation.check(call, role);
    }

    private static String name(String text) {
        String name = text.strip();
        if (name.isEmpty()) {
            throw Fields.invalid("name", "is missing");
        }
        return name;
    }

    private Instant now() {
        return parts.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static OwnedKeys.Owner owner(Team team) {
        return OwnedKeys.Owner.team(team.orgId(), team.teamId());
    }

    private static JsonObject show(TeamStore.Named team) {
        return Grants.show(team.team().role(), team.team().projects())
                .put("teamId", team.team().teamId().toString())
                .put("name", team.name())
                .put("members", team.members())
                .put("keys", team.keys());
    }

    private static JsonArray people(List<TeamStore.In> members) {
        return new JsonArray(members.stream()
                .map(in ->
                        new JsonObject().put("userId", in.userId().toString()).put("email", in.email()))
                .toList());
    }

    private static Set<String> with(Set<String> fields, String more) {
        Set<String> all = new HashSet<>(fields);
        all.add(more);
        return all;
    }
}
