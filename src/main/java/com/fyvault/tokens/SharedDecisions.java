package com.fyvault.tokens;

import io.vertx.core.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell one another of the tokens that they have looked up: a hint between a node's memory and
 * PostgreSQL. Nothing here ever fails or waits for long. Whoever asks goes on to PostgreSQL when there is no
 * answer, and whatever the answer was, the commit of the audit record checks it.
 */
public interface SharedDecisions {
    /** For a node that shares nothing. */
    SharedDecisions NONE = new SharedDecisions() {
        @Override
        public Future<@Nullable Decision> find(
                TokenHash hash, Function<CredentialStore.Found, @Nullable Decision> judge) {
            return Future.succeededFuture(null);
        }

        @Override
        public void keep(TokenHash hash, CredentialStore.Found found) {}

        @Override
        public void forget(TokenHash hash) {}
    };

    /**
     * The decision on a token that another node has looked up a moment ago, or null.
     *
     * @param judge makes the decision of what was found, or null when this node knows better
     */
    Future<@Nullable Decision> find(TokenHash hash, Function<CredentialStore.Found, @Nullable Decision> judge);

    /** Tells the other nodes what was looked up. Nobody waits for it. */
    void keep(TokenHash hash, CredentialStore.Found found);

    /** Takes it back, if that is possible. Nothing rests on it: what is out of date is not believed. */
    void forget(TokenHash hash);
}
