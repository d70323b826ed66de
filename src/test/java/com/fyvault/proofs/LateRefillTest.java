package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.config.CacheSettings;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.CredentialStore;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Standing;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.WideKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * T15: a look-up that was answered before a revocation arrives after it. The armed store holds the
 * answer back until the revocation has been applied to this node's cache.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateRefillTest {
    private static final UUID ORG = new UUID(7, 7);

    private final SecureRandom random = new SecureRandom();
    private Vertx vertx;

    /** One organization, whose look-ups can be held back. */
    private static final class ArmedStore implements CredentialStore {
        private Credential credential;
        private long epoch = 1;
        private @Nullable Promise<Void> held;

        ArmedStore(Credential credential) {
            this.credential = credential;
        }

        void revoke() {
            epoch++;
            credential = credential.withRevokedAt(Instant.now());
        }

        Promise<Void> hold() {
            held = Promise.promise();
            return held;
        }

        @Override
        public Future<@Nullable Found> find(TokenHash hash) {
            Found snapshot = new Found(List.of(credential), Standing.FULL, epoch, 0);
            Promise<Void> until = held;
            return until == null
                    ? Future.succeededFuture(snapshot)
                    : until.future().map(snapshot);
        }

        @Override
        public Future<Changes> changedSince(UUID orgId, long sinceEpoch) {
            List<UUID> changed = sinceEpoch < epoch ? List.of(credential.id()) : List.of();
            return Future.succeededFuture(new Changes(epoch, List.of(), changed, false));
        }
    }

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aFillReadBeforeARevocationDoesNotLandAfterIt() {
        int tries = Lane.count(500, 500);
        int accepted = 0;
        int soundlyStamped = 0;
        for (int i = 0; i < tries; i++) {
            MintedToken token = TokenFormat.mint(TokenKind.API_KEY, random);
            ArmedStore store = new ArmedStore(credential(token));
            Authority authority = new Authority(vertx, store, new CacheSettings(1_000, 1_000_000, 64));
            Decision met = wait(authority.decide(token.hash()));
            wait(forget(authority, store, met));

            Promise<Void> held = store.hold();
            Future<Decision> late = authority.decide(token.hash());
            store.revoke();
            wait(authority.refresh(met.org()));
            held.complete();
            Decision stale = wait(late);

            boolean usable = authority.peek(token.hash()) != null;
            boolean refusedAtCommit = authority.epochOf(token.hash(), stale) < store.epoch;
            accepted += usable ? 1 : 0;
            soundlyStamped += refusedAtCommit ? 1 : 0;
        }
        Figures.print(new Figures.Line(
                "T15",
                "a fill that lands after the revocation",
                tries,
                tries,
                accepted + tries - soundlyStamped,
                "cached=" + accepted + " refused by the commit=" + soundlyStamped));
        assertThat(accepted).isZero();
        assertThat(soundlyStamped).isEqualTo(tries);
    }

    /** Some other change of the token, so that the cache has met the organization and must ask again. */
    private static Future<Void> forget(Authority authority, ArmedStore store, Decision met) {
        store.epoch++;
        return authority.refresh(met.org());
    }

    private static Credential credential(MintedToken token) {
        return WideKey.of(ORG, new UUID(1, 1), token);
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
