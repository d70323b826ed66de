package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import org.jspecify.annotations.Nullable;

/** The token of an Authorization header. Junk is refused by shape and checksum, before any look-up. */
public final class Bearer {
    private static final String SCHEME = "bearer ";

    private Bearer() {}

    /** The hash of the token in the header's value; refused with 401 when there is none or it has no token's shape. */
    public static TokenHash hash(@Nullable String authorization) {
        if (authorization == null) {
            throw Refusal.of(ErrorCode.TOKEN_MISSING);
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Refusal.of(ErrorCode.TOKEN_MISSING);
        }
        String token = authorization.substring(SCHEME.length());
        if (TokenFormat.parse(token) == null) {
            throw Refusal.of(ErrorCode.TOKEN_INVALID);
        }
        return TokenFormat.hash(token);
    }
}
