package com.fyvault.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.config.CacheSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.CredentialStore;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.Standing;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** T36: whatever a token asks for, what it gets is within what it has, and in the row itself, not only by the chain. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DerivedTokensTest {
    private static final long SEED = 20_261_121;
    private static final UUID ORG = new UUID(3, 3);
    private static final UUID ASSIGNED = new UUID(4, 4);
    private static final UUID NOT_ASSIGNED = new UUID(4, 5);
    private static final List<String> SCOPES =
            Arrays.stream(Scope.values()).map(Scope::name).toList();
    private static final List<String> PATTERNS = List.of("a*", "ab*", "abc", "abd", "b*", "bc", "*", "a", "abc*", "z");
    private static final List<String> RANGES =
            List.of("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.168.0.0/16", "::/0", "0.0.0.0/0", "2001:db8::/32");
    private static final List<String> NAMES = List.of("a", "ab", "abc", "abcd", "abd", "b", "bc", "z", "q");
    private static final int[][] ADDRESSES = {
        {10, 1, 2, 3}, {10, 1, 9, 9}, {10, 9, 9, 9}, {192, 168, 1, 1}, {8, 8, 8, 8}
    };

    private final Random random = new Random(SEED);
    private final SecureRandom tokens = new SecureRandom();
    private List<Credential> chain = List.of();
    private Vertx vertx;
    private Authority authority;

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
        authority = new Authority(vertx, new OneChain(), new CacheSettings(1_000, 1_000_000, 64));
    }

    @AfterAll
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Finds whatever chain the case is about. */
    private final class OneChain implements CredentialStore {
        @Override
        public Future<@Nullable Found> find(TokenHash hash) {
            return Future.succeededFuture(new Found(chain, Standing.FULL, 1, 0));
        }

        @Override
        public Future<Changes> changedSince(UUID orgId, long sinceEpoch) {
            return Future.succeededFuture(new Changes(1, List.of(), List.of(), false));
        }
    }

    @Test
    void aChildIsWithinItsParentInEveryDimension() {
        int cases = Lane.count(50_000, 5_000);
        int refused = 0;
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            Credential above = credential(scopes(), reach(), expiry());
            Credential direct = credential(scopes(), reach(), expiry());
            Decision parent = decide(random.nextBoolean() ? List.of(direct) : List.of(direct, above));
            Maker maker = Maker.of(parent);
            @Nullable ScopeSet asked = random.nextInt(3) == 0 ? null : scopes();
            Reach askedReach = reach();
            try {
                Credential child = credential(maker.scopes(asked), maker.reach(askedReach), maker.expiry(expiry()));
                String beyond = beyond(decide(List.of(child)), parent);
                if (!beyond.isEmpty()) {
                    wrong.add("seed " + SEED + " case " + i + ": " + beyond + " of " + child + " under " + direct);
                }
            } catch (Refusal refusal) {
                refused++;
                if (refusal.code() != ErrorCode.EXCEEDS_PARENT) {
                    wrong.add("case " + i + " refused with " + refusal.code());
                }
            }
        }
        Figures.print(new Figures.Line(
                "T36",
                "derived tokens",
                0,
                cases,
                wrong.size(),
                "granted=" + (cases - refused) + " refused=" + refused));
        assertThat(wrong).isEmpty();
        assertThat(refused).isBetween(cases / 10, cases * 99 / 100);
    }

    /** What a device was assigned is in its row; what its maker may read of that, only in the chain. */
    @Test
    void aDeviceReadsWhatItWasAssignedAndItsMakerMayRead() {
        int cases = Lane.count(50_000, 5_000);
        int allowed = 0;
        int refused = 0;
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            Credential direct = credential(scopes(), reach(), expiry());
            Decision parent = decide(List.of(direct));
            Maker maker = Maker.of(parent);
            try {
                Reach reach = maker.reach(reach())
                        .confinedTo(random.nextBoolean() ? Set.of() : Set.of(ASSIGNED, new UUID(5, i)));
                ScopeSet scopes = maker.scopes(ScopeSet.of(Scope.SECRETS_READ));
                Credential child = credential(TokenKind.DEVICE, scopes, reach, maker.expiry(expiry()));
                Decision device = decide(List.of(child, direct));
                String beyond = beyond(device, parent);
                String name = NAMES.get(random.nextInt(NAMES.size()));
                boolean reads = device.allowsSecret(ASSIGNED, name);
                allowed += reads ? 1 : 0;
                boolean may = reach.secretIds().contains(ASSIGNED) && parent.allowsSecret(ASSIGNED, name);
                if (!beyond.isEmpty() || reads != may || device.allowsSecret(NOT_ASSIGNED, name)) {
                    wrong.add("seed " + SEED + " case " + i + ": " + beyond + " " + name + " of " + child);
                }
            } catch (Refusal refusal) {
                refused++;
            }
        }
        Figures.print(new Figures.Line(
                "T36", "devices", 0, cases, wrong.size(), "read their secret=" + allowed + " refused=" + refused));
        assertThat(wrong).isEmpty();
        assertThat(allowed).isGreaterThan(cases / 100);
    }

    /** What the child may do that the parent may not; empty when nothing. */
    private static String beyond(Decision child, Decision parent) {
        for (Scope scope : Scope.values()) {
            if (child.scopes().has(scope) && !parent.scopes().has(scope)) {
                return scope.name();
            }
        }
        for (int i = 0; i < 5; i++) {
            UUID id = id(i);
            if ((child.allowsProject(id) && !parent.allowsProject(id))
                    || (child.allowsEnvironment(id) && !parent.allowsEnvironment(id))) {
                return "place " + i;
            }
        }
        for (String name : NAMES) {
            if (child.allowsSecret(ASSIGNED, name) && !parent.allowsSecret(ASSIGNED, name)) {
                return "secret " + name;
            }
        }
        for (int[] address : ADDRESSES) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                bytes[i] = (byte) address[i];
            }
            ClientAddress client = ClientAddress.of(bytes);
            if (child.allowsAddress(client) && !parent.allowsAddress(client)) {
                return "address " + Arrays.toString(address);
            }
        }
        return child.expiresAtMicros() > parent.expiresAtMicros() ? "life" : "";
    }

    private Decision decide(List<Credential> credentials) {
        chain = credentials;
        return authority
                .decide(credentials.get(0).hash())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private Credential credential(ScopeSet scopes, Reach reach, @Nullable Instant expiry) {
        return credential(TokenKind.API_KEY, scopes, reach, expiry);
    }

    private Credential credential(TokenKind kind, ScopeSet scopes, Reach reach, @Nullable Instant expiry) {
        MintedToken token = TokenFormat.mint(kind, tokens);
        return new Credential(
                ORG,
                new UUID(random.nextLong(), 1),
                token.hash(),
                kind,
                "label",
                token.lastFour(),
                scopes,
                reach,
                "{}",
                null,
                null,
                null,
                null,
                "system",
                Instant.EPOCH,
                expiry,
                null,
                null);
    }

    private ScopeSet scopes() {
        List<String> names = some(SCOPES.size(), SCOPES::get);
        return names.isEmpty() ? ScopeSet.all() : ScopeSet.parse(names);
    }

    private Reach reach() {
        return new Reach(
                someOrNone(5, DerivedTokensTest::id),
                someOrNone(5, DerivedTokensTest::id),
                someOrNone(PATTERNS.size(), PATTERNS::get),
                someOrNone(RANGES.size(), RANGES::get));
    }

    private @Nullable Instant expiry() {
        return random.nextInt(3) == 0 ? null : Instant.ofEpochSecond(1 + random.nextInt(1_000));
    }

    private static UUID id(int i) {
        return new UUID(9, i);
    }

    private <T> List<T> someOrNone(int most, IntFunction<T> of) {
        return random.nextInt(2) == 0 ? List.of() : some(most, of);
    }

    private <T> List<T> some(int most, IntFunction<T> of) {
        List<T> chosen = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            if (random.nextInt(3) > 0) {
                chosen.add(of.apply(i));
            }
        }
        return chosen;
    }
}
