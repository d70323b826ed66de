package com.fyvault.api;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Bearer;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** From a request to a caller who may use the endpoint, or to the refusal and who it was. */
final class Authenticator {
    private final Authority authority;

    Authenticator(Authority authority) {
        this.authority = authority;
    }

    /** The caller of the request; an unknown token is refused here, a known but dead one by {@link #admit}. */
    Future<Caller> caller(Incoming incoming) {
        TokenHash hash = Bearer.hash(incoming.request().getHeader(HttpHeaders.AUTHORIZATION));
        return authority
                .decide(hash)
                .map(decision -> new Caller(hash, decision, authority.epochOf(hash, decision), incoming.address()));
    }

    /** Refuses a caller who may not use the endpoint. */
    static void admit(Caller caller, Incoming incoming) {
        Decision decision = caller.decision();
        @Nullable ErrorCode dead = decision.refusal();
        if (dead != null) {
            throw Refusal.of(dead);
        }
        @Nullable String org = incoming.parameters().get("org");
        if (org != null && !org.equalsIgnoreCase(decision.org().orgText())) {
            throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
        }
        ClientAddress address = incoming.address();
        if (!decision.allowsAddress(address)) {
            throw Refusal.of(ErrorCode.ADDRESS_NOT_ALLOWED);
        }
        Endpoint endpoint = incoming.endpoint();
        if (!endpoint.kinds().contains(decision.kind())) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        if (!endpoint.scopes().isEmpty() && endpoint.scopes().stream().noneMatch(s -> holds(decision, s))) {
            throw Refusal.of(
                    ErrorCode.SCOPE_MISSING,
                    "The token lacks the scope " + endpoint.scopes().iterator().next());
        }
    }

    private static boolean holds(Decision decision, Scope scope) {
        return decision.scopes().has(scope);
    }
}
