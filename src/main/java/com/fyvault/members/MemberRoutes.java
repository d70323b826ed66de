package com.fyvault.members;

import static com.fyvault.tokens.Scope.MEMBERS_WRITE;
import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.OwnedKeys;
import com.fyvault.credentials.PasswordAlone;
import com.fyvault.credentials.ReachStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.orgs.StandingStore;
import com.fyvault.orgs.Standings;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Vertx;
import java.time.Clock;

/** Members of an organization and what they may do. */
public final class MemberRoutes {
    private static final String MEMBERS = "/orgs/{org}/members";
    private static final String MEMBER = MEMBERS + "/{user}";

    private final ListMembers list;
    private final ChangeMember change;
    private final TeamRoutes teams;
    private final ChangePolicy policy;
    private final ShowOverview overview;

    /** What the routes work with. */
    public record Parts(
            PostgresMemberStore store,
            PostgresTeamStore teams,
            PostgresPolicyStore policies,
            PostgresOverviewStore overview,
            StandingStore roles,
            Standings standings,
            OwnedKeys keys,
            PasswordAlone alone,
            ReachStore projects,
            Withdrawals withdrawals,
            Clock clock,
            Vertx vertx) {
        /** What ends members. */
        EndMember end() {
            return new EndMember(store, standings, keys, clock);
        }
    }

    public MemberRoutes(Parts parts, Uuid7 ids) {
        Handover handover = new Handover(parts.roles(), parts.teams(), parts.keys());
        this.list = new ListMembers(parts.store());
        this.change = new ChangeMember(
                new ChangeMember.Parts(
                        parts.store(), parts.roles(), parts.standings(), handover, parts.end(), parts.withdrawals()),
                new Grants(parts.projects()));
        this.teams = new TeamRoutes(parts, handover, ids);
        this.overview = new ShowOverview(parts.overview(), parts.store(), parts.teams(), parts.vertx());
        this.policy = new ChangePolicy(parts.policies(), parts.alone(), parts.withdrawals(), parts.clock());
    }

    public void mount(Routes routes) {
        routes.get(MEMBERS, "listMembers", AuditAction.MEMBER_LIST)
                .needs(MEMBERS_WRITE, ORG_ADMIN)
                .reads(list::list);
        // Whoever holds a token may ask what it is good for.
        routes.get(MEMBERS + "/me", "getMyMembership", AuditAction.MEMBER_VIEW).reads(list::me);
        routes.get(MEMBER, "getMember", AuditAction.MEMBER_VIEW)
                .needs(MEMBERS_WRITE, ORG_ADMIN)
                .reads(list::view);
        routes.patch(MEMBER, "updateMember", AuditAction.MEMBER_UPDATE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(change::edit);
        routes.post(MEMBER + "/deactivate", "deactivateMember", AuditAction.MEMBER_DEACTIVATE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(change::deactivate);
        routes.post(MEMBER + "/transfer", "transferKeys", AuditAction.MEMBER_TRANSFER)
                .needs(MEMBERS_WRITE)
                .changesAuthority(change::transfer);
        routes.delete(MEMBER, "removeMember", AuditAction.MEMBER_REMOVE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(change::remove);
        routes.get("/orgs/{org}/policy", "getPolicy", AuditAction.POLICY_VIEW).reads(policy::view);
        routes.patch("/orgs/{org}/policy", "updatePolicy", AuditAction.POLICY_UPDATE)
                .needs(ORG_ADMIN)
                .changesAuthority(policy::change);
        routes.get("/orgs/{org}/overview", "getOverview", AuditAction.OVERVIEW_VIEW)
                .needs(MEMBERS_WRITE, ORG_ADMIN)
                .reads(overview::show);
        teams.mount(routes);
    }
}
