package com.fyvault.handles;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Places;
import com.fyvault.secrets.ReadCurrent;
import com.fyvault.secrets.SecretStore;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.Withdrawals;
import java.security.SecureRandom;

/** Handles: minted for a secret, resolved as often as needed, ended early or by time. */
public final class HandleRoutes {
    private final MintHandle mint;
    private final ResolveHandle resolve;
    private final RevokeHandle revoke;

    /** What handles stand on. */
    public record Parts(
            HandleStore store,
            Places places,
            SecretStore secrets,
            ReadCurrent values,
            Authority authority,
            ChildTokens tokens,
            Withdrawals withdrawals) {}

    /** @param most live handles that one token may have */
    public HandleRoutes(Parts parts, Uuid7 ids, SecureRandom random, int most) {
        this.mint =
                new MintHandle(parts.places(), parts.secrets(), parts.store(), new MintHandle.Tools(ids, random, most));
        this.resolve = new ResolveHandle(parts.store(), parts.authority(), parts.places(), parts.values());
        this.revoke = new RevokeHandle(parts.store(), parts.tokens(), parts.withdrawals());
    }

    public void mount(Routes routes) {
        for (String place : Places.PATHS) {
            routes.post(place + "/secrets/by-name/{name}/handle", "mintHandle", AuditAction.HANDLE_MINT)
                    .needs(Scope.SECRETS_READ)
                    .writes(mint::mint);
        }
        // Its record is that of a read of the value.
        routes.post("/orgs/{org}/handles/resolve", "resolveHandle", AuditAction.SECRET_READ)
                .needs(Scope.SECRETS_READ)
                .reads(resolve::resolve);
        routes.delete("/orgs/{org}/handles/{handle}", "revokeHandle", AuditAction.HANDLE_REVOKE)
                .changesAuthority(revoke::revoke);
    }
}
