package com.fyvault.api;

import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** The way of a person's login into an organization. */
public interface Entrance {
    /** Refuses a login that this installation cannot have made, or that comes from elsewhere. PostgreSQL is not asked. */
    Future<Void> check(HttpServerRequest request);

    /**
     * What the login's credential in the organization is known by; it is there to be decided on when this succeeds.
     * Refused when the login is over, and with ORG_NOT_FOUND when the person is no member, be there such an
     * organization or not.
     *
     * @param org the id in the path, or null when the path has none
     */
    Future<TokenHash> enter(HttpServerRequest request, @Nullable String org, ClientAddress address);
}
