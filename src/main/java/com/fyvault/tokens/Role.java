package com.fyvault.tokens;

import java.util.Locale;

/** What a person may do in an organization, and so the most that any token of theirs may. */
public enum Role {
    OWNER(ScopeSet.all()),
    ADMIN(ScopeSet.all()),
    DEVELOPER(ScopeSet.of(
            Scope.SECRETS_READ,
            Scope.SECRETS_WRITE,
            Scope.DEVICES_READ,
            Scope.DEVICES_WRITE,
            Scope.AUDIT_READ,
            Scope.BOOT,
            Scope.ENVIRONMENTS_WRITE,
            Scope.TOKENS_WRITE,
            Scope.PROVIDERS_WRITE)),
    MEMBER(ScopeSet.of(Scope.SECRETS_READ, Scope.SECRETS_WRITE)),
    VIEWER(ScopeSet.of(Scope.SECRETS_READ)),
    /** Removed. The row stays, so that every node hears of it. */
    NONE(ScopeSet.of());

    private final long bits;

    Role(ScopeSet scopes) {
        this.bits = scopes.bits();
    }

    /** The most that a token owned by somebody in this role may do. */
    public ScopeSet scopes() {
        return new ScopeSet(bits);
    }

    /** True for who runs the organization: in every project, and the one to change members. */
    public boolean administers() {
        return this == OWNER || this == ADMIN;
    }

    /** True when nobody in this role may touch what belongs to somebody in the other one. */
    public boolean isBelow(Role other) {
        return compareTo(other) > 0;
    }

    /** The name as it is stored: {@code owner}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a stored name. */
    public static Role of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
