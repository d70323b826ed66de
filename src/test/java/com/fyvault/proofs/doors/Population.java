package com.fyvault.proofs.doors;

import com.fyvault.crypto.Uuid7;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A credential of every kind, for every role of its owner and in every state, in each organization that has any. */
final class Population {
    private static final Set<TokenKind> ROOTS =
            Set.of(TokenKind.API_KEY, TokenKind.TEST_KEY, TokenKind.PUBLIC_KEY, TokenKind.LOGIN);
    private static final Reach ELSEWHERE = new Reach(List.of(), List.of(), List.of(), List.of("203.0.113.0/24"));
    private static final int HOURS = 2;

    private final Matrix matrix;
    private final CredentialRows credentials;
    private final SecureRandom random = new SecureRandom();
    private final Uuid7 ids = new Uuid7(Clock.systemUTC(), random);
    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, UUID> members = new HashMap<>();
    private final Map<String, UUID> logins = new HashMap<>();
    private final List<Credential> rows = new ArrayList<>();
    private final List<UUID> assigned;
    private final TestPeople people;

    /** @param assigned the secrets that devices may read */
    Population(TestServer server, Matrix matrix, List<UUID> assigned) {
        this.matrix = matrix;
        this.credentials = new CredentialRows(server);
        this.people = new TestPeople(server);
        this.assigned = assigned;
    }

    /** Makes the members of an organization and their credentials; the name says which organization it is. */
    void settle(String home, UUID orgId) {
        for (String role : matrix.roles().keySet()) {
            UUID user = role.equals("stranger") ? credentials.account() : member(orgId, role);
            members.put(home + role, user);
            logins.put(home + role, people.plantLogin(user));
        }
        for (Matrix.Kind kind : matrix.kinds().values()) {
            for (String role : matrix.roles().keySet()) {
                for (String state : matrix.states().keySet()) {
                    make(new Wanted(home, orgId, kind, role, kind.most()), state);
                }
            }
        }
    }

    /** Makes a key for each role and scope, with that scope only. */
    void settleScopes(String home, UUID orgId, Matrix.Kind kind) {
        for (String role : matrix.roles().keySet()) {
            for (Scope scope : Scope.values()) {
                make(new Wanted(home, orgId, kind, role, ScopeSet.of(scope)), "live");
            }
        }
    }

    /** Writes what has been made; before that the server knows none of it. */
    void write() {
        credentials.add(rows);
        rows.clear();
    }

    /** The text of the token. */
    String token(Cell cell, String home) {
        ScopeSet scopes = cell.only() == null ? cell.kind().most() : ScopeSet.of(cell.only());
        @Nullable String token = tokens.get(name(home, cell.kind(), cell.role(), scopes) + cell.state());
        if (token == null) {
            throw new IllegalArgumentException("nobody is " + cell);
        }
        return token;
    }

    /** Puts every member into a team. */
    void joinAll(UUID orgId, UUID teamId) {
        credentials.joinAll(orgId, teamId);
    }

    /** Notes in the login behind the cell that the second factor was confirmed so long ago. */
    void confirm(Cell cell, String home, Duration ago) {
        people.stepUp(Objects.requireNonNull(logins.get(home + cell.role())), ago);
    }

    private record Wanted(String home, UUID orgId, Matrix.Kind kind, String role, ScopeSet scopes) {}

    private static String name(String home, Matrix.Kind kind, String role, ScopeSet scopes) {
        return String.join(" ", home, kind.name(), role, scopes.names().toString());
    }

    private void make(Wanted wanted, String state) {
        MintedToken token = TokenFormat.mint(wanted.kind().token(), random);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        boolean parented =
                state.startsWith("parent-") || !ROOTS.contains(wanted.kind().token());
        @Nullable Credential parent = parented ? parent(wanted, state, now) : null;
        boolean session = wanted.kind().token() == TokenKind.SESSION;
        @Nullable TokenHash mintedWith = session && parent != null ? parent.hash() : null;
        if (state.equals("parent-rolled")) {
            mintedWith = TokenFormat.mint(TokenKind.API_KEY, random).hash();
        }
        Reach reach =
                wanted.kind().token() == TokenKind.DEVICE ? Reach.EVERYWHERE.confinedTo(assigned) : Reach.EVERYWHERE;
        Credential made = row(wanted, wanted.kind().token(), token.hash(), parent);
        made = new Credential(
                made.orgId(),
                made.id(),
                made.hash(),
                made.kind(),
                made.label(),
                made.last4(),
                made.scopes(),
                reach,
                made.limits(),
                made.ownerUserId(),
                null,
                made.parentId(),
                mintedWith,
                made.createdBy(),
                now,
                ends(wanted.kind().token()) ? now.plus(HOURS, ChronoUnit.HOURS) : null,
                null,
                null);
        rows.add(inState(made, state, now));
        tokens.put(name(wanted.home(), wanted.kind(), wanted.role(), wanted.scopes()) + state, token.exposeText());
    }

    /** Those that are never made without an end. */
    private static boolean ends(TokenKind kind) {
        return kind == TokenKind.SESSION || kind == TokenKind.BREAK_GLASS || kind == TokenKind.LOGIN;
    }

    private Credential parent(Wanted wanted, String state, Instant now) {
        Credential parent = row(
                wanted,
                TokenKind.API_KEY,
                TokenFormat.mint(TokenKind.API_KEY, random).hash(),
                null);
        Credential all = parent.edited("parent", ScopeSet.all(), Reach.EVERYWHERE, null);
        Credential made = state.startsWith("parent-") ? inState(all, state.substring("parent-".length()), now) : all;
        rows.add(made);
        return made;
    }

    private static Credential inState(Credential live, String state, Instant now) {
        return switch (state) {
            case "revoked" -> live.withRevokedAt(now);
            case "expired" -> live.edited(live.label(), live.scopes(), live.reach(), now.minusSeconds(1));
            case "elsewhere" -> live.edited(live.label(), live.scopes(), ELSEWHERE, live.expiresAt());
            default -> live;
        };
    }

    private Credential row(Wanted wanted, TokenKind kind, TokenHash hash, @Nullable Credential parent) {
        return new Credential(
                wanted.orgId(),
                ids.next(),
                hash,
                kind,
                wanted.kind().name() + " of " + wanted.role(),
                "last",
                wanted.scopes(),
                Reach.EVERYWHERE,
                Credential.NO_LIMITS,
                members.get(wanted.home() + wanted.role()),
                null,
                parent == null ? null : parent.id(),
                null,
                kind == TokenKind.LOGIN ? "login:" + logins.get(wanted.home() + wanted.role()) : "system",
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                null,
                null,
                null);
    }

    private UUID member(UUID orgId, String role) {
        return credentials.member(orgId, role.equals("removed") ? Role.NONE : Role.of(role));
    }
}
