package com.fyvault.credentials;

import static com.fyvault.tokens.Scope.ORG_ADMIN;
import static com.fyvault.tokens.Scope.TOKENS_WRITE;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.platform.config.CredentialSettings;
import com.fyvault.tokens.Withdrawals;
import java.time.Clock;

/** API keys and session tokens. */
public final class KeyRoutes {
    private static final String KEYS = "/orgs/{org}/api-keys";
    private static final String KEY = KEYS + "/{token}";
    private static final String SESSIONS = "/orgs/{org}/access-tokens";

    private final CreateKey create;
    private final ChangeKey change;
    private final ListKeys list;
    private final MintSession mint;

    /** What the routes work with. */
    public record Parts(KeyStore store, ReachStore reaches, Minting minting, Withdrawals withdrawals, Clock clock) {}

    public KeyRoutes(Parts parts, CredentialSettings settings) {
        Reaches reaches = new Reaches(parts.reaches());
        this.create = new CreateKey(parts.store(), reaches, parts.minting(), settings.keys());
        this.change = new ChangeKey(parts.store(), reaches, parts.minting(), parts.withdrawals(), parts.clock());
        this.list = new ListKeys(parts.store());
        this.mint = new MintSession(parts.store(), reaches, parts.minting(), settings.sessions());
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
                .changesAuthority(change::edit);
        routes.post(KEY + "/roll", "rollApiKey", AuditAction.KEY_ROLL)
                .needs(TOKENS_WRITE)
                .changesAuthority(change::roll);
        routes.delete(KEY, "revokeApiKey", AuditAction.KEY_REVOKE)
                .needs(TOKENS_WRITE)
                .changesAuthority(change::revoke);
        routes.get(SESSIONS, "listSessionTokens", AuditAction.SESSION_LIST).reads(list::sessions);
        routes.post(SESSIONS, "mintSessionToken", AuditAction.SESSION_MINT).writes(mint::mint);
        routes.delete(SESSIONS + "/{token}", "revokeSessionToken", AuditAction.SESSION_REVOKE)
                .changesAuthority(change::revokeSession);
    }
}
