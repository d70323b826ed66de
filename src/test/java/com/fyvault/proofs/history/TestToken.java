package com.fyvault.proofs.history;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A session token of the run, and how its uses and its revocation went. */
record TestToken(String id, String text, Queue<Operation<TokenModel.Ask, TokenModel.Told>> seen) {
    TestToken(String id, String text) {
        this(id, text, new ConcurrentLinkedQueue<>());
    }

    List<Operation<TokenModel.Ask, TokenModel.Told>> history() {
        return List.copyOf(seen);
    }

    @Override
    public String toString() {
        return id;
    }
}
