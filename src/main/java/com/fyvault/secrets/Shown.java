package com.fyvault.secrets;

import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;

/** What a read shows who it is by. */
interface Shown {
    /** What its credential is found by; refused when it has the shape of none. */
    TokenHash hash();

    /**
     * When the authority moved on the way. A login is let in again: whether the person is still a member decides what they
     * are told.
     */
    default Future<TokenHash> again() {
        return Future.succeededFuture(hash());
    }
}
