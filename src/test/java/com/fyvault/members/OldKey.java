package com.fyvault.members;

import com.fyvault.crypto.RowSeal;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** A key that was made a while ago. */
final class OldKey {
    private OldKey() {}

    /** A client with a key of the member's, of every scope and under this id. */
    static Api of(TestServer server, MemberTest.Person owner, UUID id) {
        MintedToken token = TokenFormat.mint(TokenKind.API_KEY, new SecureRandom());
        Credential key = new Credential(
                server.orgId(),
                id,
                token.hash(),
                TokenKind.API_KEY,
                "old",
                token.lastFour(),
                ScopeSet.all(),
                Reach.EVERYWHERE,
                Credential.NO_LIMITS,
                owner.id(),
                null,
                null,
                null,
                "system",
                Instant.EPOCH,
                null,
                null,
                null);
        server.database()
                .execute(
                        "insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes,"
                                + " owner_user_id, created_by, changed_epoch, seal)"
                                + " values (?, ?, ?, 'API_KEY', 'old', ?, string_to_array(?, ','), ?, 'system', 1, ?)",
                        server.orgId(),
                        id,
                        token.hash().toBytes(),
                        token.lastFour(),
                        String.join(",", ScopeSet.all().names()),
                        owner.id(),
                        PostgresCredentialStore.sealOf(
                                        key, new RowSeal(server.subKeys().rowSeal()))
                                .seal());
        return server.api(token.exposeText());
    }
}
