package com.fyvault.credentials;

import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Of which organization a person's key is. */
public interface KeyHomes {
    /** The organization of the key, when it belongs to the person of the login; null for any other. */
    Future<@Nullable UUID> of(TokenHash login, UUID keyId);

    /** The organization of the team, when the person of the login is a member of that organization; else null. */
    Future<@Nullable UUID> ofTeam(TokenHash login, UUID teamId);
}
