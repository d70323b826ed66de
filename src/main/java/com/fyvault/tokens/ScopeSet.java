package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of scopes, one bit each. */
public record ScopeSet(long bits) {
    private static final long ALL_BITS = (1L << Scope.values().length) - 1;

    /** Every scope there is. */
    public static ScopeSet all() {
        return new ScopeSet(ALL_BITS);
    }

    public static ScopeSet of(Scope... scopes) {
        long bits = 0;
        for (Scope scope : scopes) {
            bits |= bit(scope);
        }
        return new ScopeSet(bits);
    }

    /** Reads names in either spelling; refuses one that is unknown. */
    public static ScopeSet parse(Collection<String> names) {
        long bits = 0;
        for (String name : names) {
            @Nullable Scope scope = Scope.parse(name);
            if (scope == null) {
                throw Refusal.of(ErrorCode.INVALID_SCOPE);
            }
            bits |= bit(scope);
        }
        return new ScopeSet(bits);
    }

    public boolean has(Scope scope) {
        return (bits & bit(scope)) != 0;
    }

    public boolean containsAll(ScopeSet other) {
        return (other.bits & ~bits) == 0;
    }

    public ScopeSet intersect(ScopeSet other) {
        return new ScopeSet(bits & other.bits);
    }

    public ScopeSet union(ScopeSet other) {
        return new ScopeSet(bits | other.bits);
    }

    /** What is left when these are taken away. */
    public ScopeSet without(ScopeSet other) {
        return new ScopeSet(bits & ~other.bits);
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    /** The names, in the order of declaration. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Scope scope : Scope.values()) {
            if (has(scope)) {
                names.add(scope.name());
            }
        }
        return names;
    }

    @SuppressWarnings("EnumOrdinal") // only in memory; what is stored are names
    private static long bit(Scope scope) {
        return 1L << scope.ordinal();
    }
}
