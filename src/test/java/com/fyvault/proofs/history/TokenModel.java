package com.fyvault.proofs.history;

import org.jspecify.annotations.Nullable;

/** A token: it is good until it is revoked, and never again. */
final class TokenModel implements Model<Boolean, TokenModel.Ask, TokenModel.Told> {
    enum Ask {
        USE,
        REVOKE
    }

    enum Told {
        /** The request was served as the token's holder may be. */
        ACCEPTED,
        /** The token was refused as revoked. */
        REFUSED,
        /** It is revoked now. */
        REVOKED
    }

    @Override
    public Boolean start() {
        return Boolean.TRUE;
    }

    @Override
    public @Nullable Boolean after(Boolean good, Ask ask, @Nullable Told told) {
        if (ask == Ask.REVOKE) {
            return Boolean.FALSE;
        }
        Told expected = good ? Told.ACCEPTED : Told.REFUSED;
        boolean fits = told == null || told == expected;
        return fits ? good : null;
    }
}
