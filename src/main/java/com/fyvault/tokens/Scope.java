package com.fyvault.tokens;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a token may do. Both spellings are read ({@code secrets:read}, {@code SECRETS_READ}); this one is written. */
public enum Scope {
    SECRETS_READ,
    SECRETS_WRITE,
    DEVICES_READ,
    DEVICES_WRITE,
    AUDIT_READ,
    BOOT,
    ENVIRONMENTS_WRITE,
    TOKENS_WRITE,
    MEMBERS_WRITE,
    PROVIDERS_WRITE,
    ORG_ADMIN;

    private static final Scope[] ALL = values();

    /** The scope of this name in either spelling, or null. */
    public static @Nullable Scope parse(String text) {
        String name = text.toUpperCase(Locale.ROOT).replace(':', '_');
        if (name.equals("VAULT_READ")) {
            return SECRETS_READ;
        }
        for (Scope scope : ALL) {
            if (scope.name().equals(name)) {
                return scope;
            }
        }
        return null;
    }
}
