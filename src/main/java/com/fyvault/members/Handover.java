package com.fyvault.members;

import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.credentials.OwnedKeys;
import com.fyvault.orgs.StandingStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives keys of a member or a team to another one, whose role cuts them from then on. The caller raises the epoch of who had them. */
final class Handover {
    private static final int LONGEST_ID = 64;
    private static final int MOST_KEYS = 1_000;

    private final StandingStore roles;
    private final TeamStore teams;
    private final OwnedKeys keys;

    Handover(StandingStore roles, TeamStore teams, OwnedKeys keys) {
        this.roles = roles;
        this.teams = teams;
        this.keys = keys;
    }

    /** To whom the body says, all keys or those that it names; how many. */
    Future<Integer> ofBody(Call call, Transaction transaction, OwnedKeys.Owner from) {
        Fields body = call.body();
        body.refuseAllBut(Set.of("to", "team", "keys"));
        @Nullable String member = body.optionalText("to", LONGEST_ID);
        @Nullable String team = body.optionalText("team", LONGEST_ID);
        @Nullable Set<UUID> named = named(body);
        return heir(call, transaction, member, team)
                .compose(to -> {
                    checkOther(from, to);
                    return named == null ? keys.hand(transaction, from, to) : keys.hand(transaction, from, to, named);
                })
                .onSuccess(count -> call.record().detail("transferred", count));
    }

    /** All keys, to whom the query says; 0 when it names nobody. */
    Future<Integer> ofQuery(Call call, Transaction transaction, OwnedKeys.Owner from) {
        @Nullable String member = call.query("transferTo", LONGEST_ID);
        @Nullable String team = call.query("transferToTeam", LONGEST_ID);
        if (member == null && team == null) {
            return Future.succeededFuture(0);
        }
        return heir(call, transaction, member, team).compose(to -> {
            checkOther(from, to);
            return keys.hand(transaction, from, to);
        });
    }

    /** Who gets them: somebody who may do something, and is not above the caller. */
    private Future<OwnedKeys.Owner> heir(
            Call call, Transaction transaction, @Nullable String member, @Nullable String team) {
        if ((member == null) == (team == null)) {
            throw Fields.invalid("The new owner", "is one member or one team");
        }
        if (team != null) {
            @Nullable UUID id = Ids.parse(team);
            return (id == null
                            ? Future.<TeamStore.@Nullable Named>succeededFuture(null)
                            : teams.hold(transaction, call.orgId(), id))
                    .map(found -> {
                        if (found == null) {
                            throw Refusal.of(ErrorCode.TEAM_NOT_FOUND);
                        }
                        Authorisation.check(call, found.team().role());
                        call.record().detail("to_team", team);
                        return OwnedKeys.Owner.team(call.orgId(), found.team().teamId());
                    });
        }
        @Nullable UUID id = member == null ? null : Ids.parse(member);
        if (id == null) {
            throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND, "The new owner is no member");
        }
        return roles.find(transaction, call.orgId(), id).map(found -> {
            if (found == null || found.role() == Role.NONE) {
                throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND, "The new owner is no member");
            }
            Authorisation.check(call, found.role());
            call.record().detail("to", id.toString());
            return OwnedKeys.Owner.person(call.orgId(), id);
        });
    }

    private static void checkOther(OwnedKeys.Owner from, OwnedKeys.Owner to) {
        if (from.equals(to)) {
            throw Fields.invalid("The new owner", "must be another one");
        }
    }

    private static @Nullable Set<UUID> named(Fields body) {
        @Nullable List<String> texts = body.optionalTexts("keys", MOST_KEYS, LONGEST_ID);
        if (texts == null) {
            return null;
        }
        Set<UUID> ids = new HashSet<>();
        for (String text : texts) {
            @Nullable UUID id = Ids.parse(text);
            if (id == null) {
                throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
            }
            ids.add(id);
        }
        if (ids.isEmpty()) {
            throw Fields.invalid("keys", "is empty; leave it out for all");
        }
        return ids;
    }
}
