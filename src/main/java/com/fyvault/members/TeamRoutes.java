package com.fyvault.members;

import static com.fyvault.tokens.Scope.MEMBERS_WRITE;
import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.crypto.Uuid7;

/** Teams of an organization. */
final class TeamRoutes {
    private static final String TEAMS = "/orgs/{org}/teams";
    private static final String TEAM = TEAMS + "/{team}";

    private final EditTeam edit;

    TeamRoutes(MemberRoutes.Parts parts, Handover handover, Uuid7 ids) {
        this.edit = new EditTeam(
                new EditTeam.Parts(
                        parts.teams(), parts.roles(), handover, parts.keys(), parts.withdrawals(), ids, parts.clock()),
                new Grants(parts.projects()));
    }

    void mount(Routes routes) {
        routes.get(TEAMS, "listTeams", AuditAction.TEAM_LIST)
                .needs(MEMBERS_WRITE, ORG_ADMIN)
                .reads(edit::list);
        routes.get(TEAM, "getTeam", AuditAction.TEAM_VIEW)
                .needs(MEMBERS_WRITE, ORG_ADMIN)
                .reads(edit::view);
        routes.post(TEAMS, "createTeam", AuditAction.TEAM_CREATE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(edit::create);
        routes.patch(TEAM, "updateTeam", AuditAction.TEAM_UPDATE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(edit::edit);
        routes.delete(TEAM, "deleteTeam", AuditAction.TEAM_DELETE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(edit::delete);
        routes.post(TEAM + "/transfer", "transferTeamKeys", AuditAction.MEMBER_TRANSFER)
                .needs(MEMBERS_WRITE)
                .changesAuthority(edit::transfer);
        routes.post(TEAM + "/members", "addTeamMember", AuditAction.TEAM_ADD)
                .needs(MEMBERS_WRITE)
                .changesAuthority(edit::add);
        routes.delete(TEAM + "/members/{user}", "dropTeamMember", AuditAction.TEAM_DROP)
                .needs(MEMBERS_WRITE)
                .changesAuthority(edit::drop);
    }
}
