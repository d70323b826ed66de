package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import io.vertx.core.Future;

/** Where credentials are written. */
public interface KeyStore {
    /** Adds a credential. New authority needs no new epoch: nobody can have decided on it yet. */
    Future<Void> add(Transaction transaction, Credential credential);
}
