package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.api.Endpoint;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Before what is done with the keys of the team in the path: there is such a team, and whether the caller is in it. */
final class TeamDoor {
    private final KeyTeams teams;

    TeamDoor(KeyTeams teams) {
        this.teams = teams;
    }

    Endpoint.ReadWork read(Endpoint.ReadWork work) {
        return call -> {
            UUID team = team(call);
            return teams.place(call.orgId(), team, person(call)).compose(place -> {
                enter(call, team, place);
                return work.answer(call);
            });
        };
    }

    Endpoint.WriteWork write(Endpoint.WriteWork work) {
        return (call, transaction) -> {
            UUID team = team(call);
            return teams.place(transaction, call.orgId(), team, person(call)).compose(place -> {
                enter(call, team, place);
                return work.answer(call, transaction);
            });
        };
    }

    private static UUID team(Call call) {
        return call.id("team", ErrorCode.TEAM_NOT_FOUND);
    }

    private static @Nullable UUID person(Call call) {
        Credential caller = call.decision().credential();
        return caller.kind() == TokenKind.LOGIN ? caller.ownerUserId() : null;
    }

    private static void enter(Call call, UUID team, KeyTeams.Place place) {
        if (place == KeyTeams.Place.ABSENT) {
            throw Refusal.of(ErrorCode.TEAM_NOT_FOUND);
        }
        call.record().detail("team_id", team.toString());
        if (place == KeyTeams.Place.INSIDE) {
            call.actFor(team);
        }
    }
}
