package com.fyvault.credentials;

import com.fyvault.limits.Windows;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.SecretPatterns;
import com.fyvault.tokens.TokenKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the token behind a call has, and so may pass on: no token is ever given more than the one that
 * makes or changes it. Of the lists, null restricts nothing and an empty one allows nothing.
 */
record Maker(
        ScopeSet scopes,
        @Nullable Set<UUID> projects,
        @Nullable Set<UUID> environments,
        @Nullable List<String> secrets,
        @Nullable List<String> cidrs,
        @Nullable Instant expiresAt,
        List<Windows> limits) {

    /** What a person makes outlives the login that they made it with: it follows its owner, not the login. */
    static Maker of(Decision decision) {
        return of(decision, decision.kind() == TokenKind.LOGIN ? Long.MAX_VALUE : decision.expiresAtMicros());
    }

    /** The bounds of a credential itself, whatever became of its parents: to tell whether an edit widens it. */
    static Maker of(Credential credential) {
        Reach reach = credential.reach();
        Windows windows = Windows.parse(credential.limits());
        return new Maker(
                credential.scopes(),
                reach.projectIds().isEmpty() ? null : Set.copyOf(reach.projectIds()),
                reach.environmentIds().isEmpty() ? null : Set.copyOf(reach.environmentIds()),
                reach.secretPatterns().isEmpty() ? null : reach.secretPatterns(),
                reach.cidrs().isEmpty() ? null : reach.cidrs(),
                credential.expiresAt(),
                windows.isNone() ? List.of() : List.of(windows));
    }

    /** Whoever runs the installation: every scope, everywhere, without an end. */
    static Maker unbounded() {
        return new Maker(ScopeSet.all(), null, null, null, null, null, List.of());
    }

    /** The maker of what is over with it, as a session token is. */
    static Maker ofSession(Decision decision) {
        return of(decision, decision.expiresAtMicros());
    }

    private static Maker of(Decision decision, long expiry) {
        return new Maker(
                decision.scopes(),
                decision.projects(),
                decision.environments(),
                decision.secretPatterns(),
                decision.cidrs(),
                expiry == Long.MAX_VALUE ? null : Instant.EPOCH.plus(expiry, ChronoUnit.MICROS),
                decision.chain().stream()
                        .map(link -> Windows.parse(link.limits()))
                        .filter(windows -> !windows.isNone())
                        .toList());
    }

    /** The scopes asked for, or all of the maker's; more than it has is refused. */
    ScopeSet scopes(@Nullable ScopeSet asked) {
        if (asked != null && !scopes.containsAll(asked)) {
            throw exceeds("scopes");
        }
        return asked == null ? scopes : asked;
    }

    /** The reach asked for; where it does not restrict, the maker's own; beyond that is refused. */
    Reach reach(Reach asked) {
        return new Reach(
                ids("projects", asked.projectIds(), projects),
                ids("environments", asked.environmentIds(), environments),
                secrets(asked.secretPatterns()),
                cidrs(asked.cidrs()));
    }

    /** The earlier of the expiry asked for and the maker's own; null for none. */
    @Nullable
    Instant expiry(@Nullable Instant asked) {
        return earlier(asked, expiresAt);
    }

    /** A new expiry for a token that has one: shortened at will, extended no farther than the maker's own. */
    @Nullable
    Instant extended(@Nullable Instant before, @Nullable Instant asked) {
        boolean beforeIsLater = before == null || (expiresAt != null && before.isAfter(expiresAt));
        return earlier(asked, beforeIsLater ? before : expiresAt);
    }

    /** True when the credential was given nothing that the maker does not have; how long it lives is not looked at. */
    boolean covers(Credential other) {
        Reach given = other.reach();
        return scopes.containsAll(other.scopes())
                && Windows.parse(other.limits()).isWithin(limits)
                && within(given.projectIds(), projects)
                && within(given.environmentIds(), environments)
                && (secrets == null || namesWithin(given.secretPatterns(), secrets))
                && (cidrs == null || addressesWithin(given.cidrs(), cidrs));
    }

    /** True when it also expires no later than the maker. */
    boolean outlives(Credential other) {
        return expiresAt == null
                || (other.expiresAt() != null && !other.expiresAt().isAfter(expiresAt));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    static Refusal exceeds(String what) {
        return Refusal.of(ErrorCode.EXCEEDS_PARENT, "The " + what + " exceed those of the token that asks");
    }

    private static List<UUID> ids(String what, List<UUID> asked, @Nullable Set<UUID> own) {
        if (own == null) {
            return asked;
        }
        List<UUID> given = asked.isEmpty() ? own.stream().sorted().toList() : asked;
        if (!within(given, own)) {
            throw exceeds(what);
        }
        return given;
    }

    private List<String> secrets(List<String> asked) {
        if (secrets == null) {
            return asked;
        }
        List<String> given = asked.isEmpty() ? secrets : asked;
        if (!namesWithin(given, secrets)) {
            throw exceeds("secrets");
        }
        return given;
    }

    private List<String> cidrs(List<String> asked) {
        if (cidrs == null) {
            return asked;
        }
        List<String> given = asked.isEmpty() ? cidrs : asked;
        if (!addressesWithin(given, cidrs)) {
            throw exceeds("addresses");
        }
        return given;
    }

    /** An empty list on the inside means everything, so it is within nothing but everything. */
    private static boolean within(Collection<UUID> inner, @Nullable Set<UUID> outer) {
        return outer == null || (!inner.isEmpty() && outer.containsAll(inner));
    }

    private static boolean namesWithin(List<String> inner, List<String> outer) {
        return !inner.isEmpty() && inner.stream().allMatch(pattern -> SecretPatterns.covers(outer, pattern));
    }

    private static boolean addressesWithin(List<String> inner, List<String> outer) {
        return !inner.isEmpty() && !outer.isEmpty() && CidrSet.compile(outer).covers(CidrSet.compile(inner));
    }
}
