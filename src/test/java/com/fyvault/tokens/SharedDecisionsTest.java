package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.platform.config.CacheSettings;
import com.fyvault.platform.http.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another node has looked up helps only where this node stands at the same epoch. */
class SharedDecisionsTest {
    private static final TokenHash OTHER = new TokenHash(9, 9, 9, 9);
    private static final CredentialStore.Found KEY =
            MadeUpSnapshots.plain(TokenKind.API_KEY, "app", ScopeSet.of(Scope.SECRETS_READ));
    private static final TokenHash HASH = KEY.chain().get(0).hash();

    private final Vertx vertx = Vertx.vertx();
    private final Truth truth = new Truth();
    private final Lent lent = new Lent();
    private final Authority authority = new Authority(vertx, truth, lent, new CacheSettings(1_000, 1_000_000, 64));

    /** One key and another that nobody changes, in one organization. */
    private static final class Truth implements CredentialStore {
        private Credential key = KEY.chain().get(0);
        private long epoch = 1;
        private int asked;

        void revoke() {
            epoch++;
            key = key.withRevokedAt(Instant.EPOCH);
        }

        @Override
        public Future<@Nullable Found> find(TokenHash hash) {
            asked++;
            Credential credential = hash.equals(HASH) ? key : other();
            return Future.succeededFuture(new Found(List.of(credential), Standing.FULL, epoch, 0));
        }

        @Override
        public Future<Changes> changedSince(UUID orgId, long sinceEpoch) {
            return Future.succeededFuture(new Changes(epoch, List.of(), List.of(key.id()), false));
        }

        private Credential other() {
            return new Credential(
                    key.orgId(),
                    new UUID(2, 2),
                    OTHER,
                    key.kind(),
                    "other",
                    "last",
                    key.scopes(),
                    key.reach(),
                    "{}",
                    null,
                    null,
                    null,
                    null,
                    "system",
                    Instant.EPOCH,
                    null,
                    null,
                    null);
        }
    }

    /** What other nodes have written; an answer may be held back. */
    private static final class Lent implements SharedDecisions {
        private final Map<TokenHash, CredentialStore.Found> entries = new HashMap<>();
        private @Nullable Promise<Void> held;

        @Override
        public Future<@Nullable Decision> find(
                TokenHash hash, Function<CredentialStore.Found, @Nullable Decision> judge) {
            CredentialStore.@Nullable Found found = entries.get(hash);
            if (found == null) {
                return Future.succeededFuture(null);
            }
            Future<Void> answer = held == null ? Future.succeededFuture() : held.future();
            return answer.map(arrived -> judge.apply(found));
        }

        @Override
        public void keep(TokenHash hash, CredentialStore.Found found) {
            entries.put(hash, found);
        }

        @Override
        public void forget(TokenHash hash) {
            entries.remove(hash);
        }
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whatWasReadAtTheEpochOfThisNodeSavesALookup() {
        meet();
        lent.keep(HASH, KEY);
        assertThat(decide(HASH).refusal()).isNull();
        assertThat(truth.asked).isEqualTo(1);
        assertThat(authority.peek(HASH)).isNotNull();
    }

    @Test
    void anOrganizationThatWasNotMetIsAskedForInPostgres() {
        lent.keep(HASH, KEY);
        assertThat(decide(HASH).refusal()).isNull();
        assertThat(truth.asked).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 6})
    void anOlderAndANewerEntryAreNotBelieved(long epoch) {
        truth.epoch = 5;
        Decision met = meet();
        lent.keep(HASH, new CredentialStore.Found(KEY.chain(), Standing.FULL, epoch, 0));
        assertThat(decide(HASH).readEpoch()).isEqualTo(5);
        assertThat(truth.asked).isEqualTo(2);
        assertThat(met.org().epoch()).isEqualTo(5);
    }

    @Test
    void anEntryOfAnotherTokenIsNotBelieved() {
        meet();
        lent.keep(HASH, new CredentialStore.Found(List.of(truth.other()), Standing.FULL, 1, 0));
        assertThat(decide(HASH).credentialId()).isEqualTo(KEY.chain().get(0).id());
        assertThat(truth.asked).isEqualTo(2);
    }

    /** T15 for the second level: read before a revocation, it arrives after it. */
    @Test
    void anAnswerThatComesAfterARevocationIsNotBelieved() {
        Decision met = meet();
        lent.keep(HASH, KEY);
        lent.held = Promise.promise();
        Future<Decision> late = authority.decide(HASH);
        truth.revoke();
        wait(authority.refresh(met.org()));
        lent.held.complete();
        assertThat(wait(late).refusal()).isEqualTo(ErrorCode.TOKEN_REVOKED);
        assertThat(truth.asked).isEqualTo(2);
    }

    @CanIgnoreReturnValue
    private Decision meet() {
        return decide(OTHER);
    }

    private Decision decide(TokenHash hash) {
        return wait(authority.decide(hash));
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
