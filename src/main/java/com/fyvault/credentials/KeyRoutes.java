package com.fyvault.credentials;

import static com.fyvault.tokens.Scope.ORG_ADMIN;
import static com.fyvault.tokens.Scope.TOKENS_WRITE;

import com.fyvault.api.Home;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.platform.config.CredentialSettings;
import com.fyvault.tokens.Withdrawals;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** API keys and session tokens. */
public final class KeyRoutes {
    private static final String KEYS = "/orgs/{org}/api-keys";
    private static final String KEY = KEYS + "/{token}";
    private static final String MINE = "/users/me/api-keys";
    private static final String MY_KEY = MINE + "/{token}";
    private static final String OF_TEAM = "/teams/{team}/api-keys";
    private static final String SESSIONS = "/orgs/{org}/access-tokens";

    private final CreateKey create;
    private final EditKey edit;
    private final ChangeKey change;
    private final ListKeys list;
    private final MintSession mint;
    private final PersonalKeys personal;
    private final TeamDoor door;

    /** What the routes work with. */
    public record Parts(KeyStore store, ReachStore reaches, Minting minting, Withdrawals withdrawals, Clock clock) {}

    /** Whose keys there are. */
    public record Owners(PersonalKeys keys, KeyTeams teams) {}

    public KeyRoutes(Parts parts, Issuers issuers, Owners owners, CredentialSettings settings) {
        Reaches reaches = new Reaches(parts.reaches());
        this.create = new CreateKey(parts.store(), reaches, parts.minting(), issuers, settings.keys());
        this.change = new ChangeKey(parts.store(), reaches, parts.minting(), parts.withdrawals(), parts.clock());
        this.edit = new EditKey(change, issuers);
        this.list = new ListKeys(parts.store());
        this.mint = new MintSession(parts.store(), reaches, parts.minting(), settings.sessions());
        this.personal = owners.keys();
        this.door = new TeamDoor(owners.teams());
    }

    public void mount(Routes routes) {
        routes.get(KEYS, "listApiKeys", AuditAction.KEY_LIST)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .reads(list::keys);
        routes.get(KEY, "getApiKey", AuditAction.KEY_VIEW)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .reads(list::view);
        // New authority, but under the row for writing: it is what makes the limit exact.
        routes.post(KEYS, "createApiKey", AuditAction.KEY_CREATE)
                .needs(TOKENS_WRITE)
                .changesAuthority(create::create);
        routes.patch(KEY, "updateApiKey", AuditAction.KEY_UPDATE)
                .needs(TOKENS_WRITE)
                .changesAuthority(edit::edit);
        routes.post(KEY + "/roll", "rollApiKey", AuditAction.KEY_ROLL)
                .needs(TOKENS_WRITE)
                .changesAuthority(edit::roll);
        routes.delete(KEY, "revokeApiKey", AuditAction.KEY_REVOKE)
                .needs(TOKENS_WRITE)
                .changesAuthority(change::revoke);
        routes.get(SESSIONS, "listSessionTokens", AuditAction.SESSION_LIST).reads(list::sessions);
        routes.post(SESSIONS, "mintSessionToken", AuditAction.SESSION_MINT).writes(mint::mint);
        routes.delete(SESSIONS + "/{token}", "revokeSessionToken", AuditAction.SESSION_REVOKE)
                .changesAuthority(change::revokeSession);
        mountMine(routes);
        mountTeams(routes, "/orgs/{org}" + OF_TEAM, null);
        mountTeams(routes, OF_TEAM, personal.ofTeam());
    }

    /** The keys of a team, under both its names; those that are seen are the ones that the organization's list shows. */
    private void mountTeams(Routes routes, String keys, @Nullable Home home) {
        String key = keys + "/{token}";
        routes.get(keys, "listTeamApiKeys", AuditAction.KEY_LIST)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .at(home)
                .reads(door.read(list::ofTeam));
        routes.get(key, "getTeamApiKey", AuditAction.KEY_VIEW)
                .needs(TOKENS_WRITE, ORG_ADMIN)
                .at(home)
                .reads(door.read(list::view));
        routes.post(keys, "createTeamApiKey", AuditAction.KEY_CREATE)
                .needs(TOKENS_WRITE)
                .at(home)
                .changesAuthority(door.write(create::createOfTeam));
        routes.patch(key, "updateTeamApiKey", AuditAction.KEY_UPDATE)
                .needs(TOKENS_WRITE)
                .at(home)
                .changesAuthority(door.write(edit::edit));
        routes.post(key + "/roll", "rollTeamApiKey", AuditAction.KEY_ROLL)
                .needs(TOKENS_WRITE)
                .at(home)
                .changesAuthority(door.write(edit::roll));
        routes.delete(key, "revokeTeamApiKey", AuditAction.KEY_REVOKE)
                .needs(TOKENS_WRITE)
                .at(home)
                .changesAuthority(door.write(change::revoke));
    }

    /** A person's own keys: no scope is asked for to look at them and to take from them, whatever their role has become. */
    private void mountMine(Routes routes) {
        Home home = personal.ofKey();
        routes.post(MINE, "createMyApiKey", AuditAction.KEY_CREATE)
                .needs(TOKENS_WRITE)
                .ofPeople()
                .at(personal.ofBody())
                .changesAuthority(create::create);
        routes.get(MY_KEY, "getMyApiKey", AuditAction.KEY_VIEW)
                .ofPeople()
                .at(home)
                .reads(list::view);
        routes.patch(MY_KEY, "updateMyApiKey", AuditAction.KEY_UPDATE)
                .ofPeople()
                .at(home)
                .changesAuthority(edit::edit);
        routes.post(MY_KEY + "/roll", "rollMyApiKey", AuditAction.KEY_ROLL)
                .needs(TOKENS_WRITE)
                .ofPeople()
                .at(home)
                .changesAuthority(edit::roll);
        routes.delete(MY_KEY, "revokeMyApiKey", AuditAction.KEY_REVOKE)
                .ofPeople()
                .at(home)
                .changesAuthority(change::revoke);
    }
}
