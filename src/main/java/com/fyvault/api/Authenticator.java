package com.fyvault.api;

import com.fyvault.limits.Limits;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Admission;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Bearer;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From a request to a caller who may use the endpoint, or to the refusal and who it was. */
final class Authenticator {
    /** The id of no organization. */
    private static final String NOWHERE = "-";

    private final Authority authority;
    private final Limits limits;
    private final Entrance entrance;
    private final BodyReader bodies;

    Authenticator(Authority authority, Limits limits, Entrance entrance, BodyReader bodies) {
        this.authority = authority;
        this.limits = limits;
        this.entrance = entrance;
        this.bodies = bodies;
    }

    /** The caller of the request; an unknown token is refused here, a known but dead one by {@link #admit}. */
    Future<Caller> caller(Incoming incoming) {
        if (!LoginToken.isShown(incoming.request())) {
            return decided(incoming, Bearer.hash(incoming.request().getHeader(HttpHeaders.AUTHORIZATION)));
        }
        // Who was let in a moment ago may be a member no more, though their login is good: that is told once it was
        // looked at.
        return loggedIn(incoming)
                .compose(caller ->
                        caller.decision().refusal() == null ? Future.succeededFuture(caller) : loggedIn(incoming));
    }

    private Future<Caller> loggedIn(Incoming incoming) {
        @Nullable Home home = incoming.endpoint().home();
        Future<TokenHash> entered = home == null
                ? entrance.enter(incoming.request(), incoming.parameters().get("org"), incoming.address())
                : enter(incoming, home);
        return entered.compose(hash -> decided(incoming, hash));
    }

    /**
     * Into the organization that the request is about. When there is none, or the request does not say, the login is looked
     * at all the same, and its refusal is the one that is told: who is nobody learns nothing about the rest. For a token that
     * is forged nothing is looked up, and no body read.
     */
    private Future<TokenHash> enter(Incoming incoming, Home home) {
        limits.checkLookup(incoming.address());
        Home.Request asked = new Home.Request(incoming.request(), incoming.parameters(), () -> incoming.body(bodies));
        return entrance.check(incoming.request())
                .compose(ours -> Future.succeededFuture()
                        .compose(none -> home.search().of(asked))
                        .transform(found -> into(incoming, home, found)));
    }

    private Future<TokenHash> into(Incoming incoming, Home home, AsyncResult<UUID> found) {
        @Nullable UUID org = found.succeeded() ? found.result() : null;
        String name = org == null ? NOWHERE : org.toString();
        return entrance.enter(incoming.request(), name, incoming.address())
                .recover(failure -> Future.failedFuture(
                        !isAbsent(failure) ? failure : found.succeeded() ? Refusal.of(home.absent()) : found.cause()));
    }

    private static boolean isAbsent(Throwable failure) {
        return failure instanceof Refusal refused && refused.code() == ErrorCode.ORG_NOT_FOUND;
    }

    private Future<Caller> decided(Incoming incoming, TokenHash hash) {
        if (authority.peek(hash) == null) {
            limits.checkLookup(incoming.address());
        }
        return authority.decide(hash).map(decision -> {
            incoming.calledBy(decision.kind());
            return new Caller(hash, decision, authority.epochOf(hash, decision), incoming.address());
        });
    }

    /** Refuses a caller who may not use the endpoint. */
    static void admit(Caller caller, Incoming incoming) {
        Decision decision = caller.decision();
        Admission.check(decision, incoming.parameters().get("org"), incoming.address());
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
