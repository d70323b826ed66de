package com.fyvault.credentials;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of key that a request may ask for, and the scopes that each may have. A test key administers
 * nothing: what it could change would reach into production. A public key may be printed anywhere.
 */
enum KeyKind {
    LIVE(TokenKind.API_KEY, ScopeSet.all()),
    TEST(
            TokenKind.TEST_KEY,
            ScopeSet.of(Scope.SECRETS_READ, Scope.SECRETS_WRITE, Scope.DEVICES_READ, Scope.DEVICES_WRITE, Scope.BOOT)),
    PUBLIC(TokenKind.PUBLIC_KEY, ScopeSet.of());

    private static final int LONGEST = 16;

    private final TokenKind token;
    private final long mostScopes;

    KeyKind(TokenKind token, ScopeSet most) {
        this.token = token;
        this.mostScopes = most.bits();
    }

    /** The kind that a request asks for; a live key when it does not say. */
    static KeyKind parse(Fields body) {
        @Nullable String asked = body.optionalText("kind", LONGEST);
        if (asked == null) {
            return LIVE;
        }
        for (KeyKind kind : values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(asked)) {
                return kind;
            }
        }
        throw Fields.invalid("kind", "must be live, test or public");
    }

    static KeyKind of(TokenKind token) {
        for (KeyKind kind : values()) {
            if (kind.token == token) {
                return kind;
            }
        }
        throw new IllegalArgumentException(token + " is no key");
    }

    TokenKind token() {
        return token;
    }

    /** The scopes asked for, or those of the maker's that the kind may have; others are refused. */
    ScopeSet scopes(Maker maker, @Nullable ScopeSet asked) {
        ScopeSet most = new ScopeSet(mostScopes);
        if (asked == null) {
            return maker.scopes().intersect(most);
        }
        if (!most.containsAll(asked)) {
            throw Refusal.of(
                    ErrorCode.INVALID_SCOPE,
                    this == PUBLIC
                            ? "A public key has no scopes: it says who it is, and reads nothing"
                            : "A test key has the scopes of secrets, devices and boot only");
        }
        return maker.scopes(asked);
    }
}
