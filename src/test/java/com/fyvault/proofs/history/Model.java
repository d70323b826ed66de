package com.fyvault.proofs.history;

import org.jspecify.annotations.Nullable;

/**
 * An object as it is when one request after the other is served.
 *
 * @param <S> its states, compared with equals
 * @param <A> what may be asked of it
 * @param <T> what may be told
 */
interface Model<S, A, T> {
    S start();

    /** The state after the request; null when this answer cannot be given in this state. What nobody was told is any answer. */
    @Nullable
    S after(S state, A ask, @Nullable T told);
}
