package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.support.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left of a token under its parents, and which decisions a tombstone covers. */
class DecisionTest {
    private static final UUID ORG = new UUID(7, 7);
    private static final UUID OWNER = new UUID(8, 8);
    private static final long NOW = 1_000_000;

    private final SeededRandom random = new SeededRandom(3);
    private final OrgState org = new OrgState(ORG, 5);

    private Credential credential(long id, Credential parent, Reach reach) {
        TokenKind kind = parent == null ? TokenKind.API_KEY : TokenKind.SESSION;
        return new Credential(
                ORG,
                new UUID(0, id),
                TokenFormat.mint(kind, random).hash(),
                kind,
                "label",
                "last",
                ScopeSet.all(),
                reach,
                "{}",
                OWNER,
                null,
                parent == null ? null : parent.id(),
                parent == null ? null : parent.hash(),
                "system",
                Instant.EPOCH,
                null,
                null,
                null);
    }

    private Decision decision(long readEpoch, Credential... chain) {
        return new Decision(org, new CredentialStore.Found(List.of(chain), Standing.FULL, readEpoch, NOW));
    }

    @Test
    void aSessionOfARolledKeyIsRevoked() {
        Credential key = credential(1, null, Reach.EVERYWHERE);
        Credential session = credential(2, key, Reach.EVERYWHERE);
        assertThat(decision(5, session, key).refusal()).isNull();
        Credential rolled =
                key.withToken(TokenFormat.mint(TokenKind.API_KEY, random).hash(), "more");
        assertThat(decision(5, session, rolled).refusal()).isEqualTo(ErrorCode.TOKEN_REVOKED);
        assertThat(decision(5, rolled).refusal()).isNull();
    }

    @Test
    void aTokenDiesWithEachOfItsParents() {
        Credential key = credential(1, null, Reach.EVERYWHERE);
        Credential session = credential(2, key, Reach.EVERYWHERE);
        assertThat(decision(5, session, key.withRevokedAt(Instant.EPOCH)).refusal())
                .isEqualTo(ErrorCode.TOKEN_REVOKED);
        Credential expired = key.edited("label", ScopeSet.all(), Reach.EVERYWHERE, Instant.EPOCH.plusSeconds(1));
        assertThat(decision(5, session, expired).refusal()).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    }

    @Test
    void listsThatHaveNothingInCommonAllowNothing() {
        Credential key = credential(1, null, new Reach(List.of(), List.of(), List.of("a*"), List.of("10.0.0.0/8")));
        Credential session = credential(2, key, new Reach(List.of(), List.of(), List.of("b*"), List.of("11.0.0.0/8")));
        Decision decision = decision(5, session, key);
        assertThat(decision.secretPatterns()).isEmpty();
        assertThat(decision.cidrs()).isEmpty();
        assertThat(decision.mayAllowSecret("a1") || decision.mayAllowSecret("b1"))
                .isFalse();
        assertThat(decision(5, credential(3, null, Reach.EVERYWHERE)).secretPatterns())
                .isNull();
    }

    @Test
    void aTombstoneCoversWhatWasDecidedBeforeTheCutAndNothingAfter() {
        Credential key = credential(1, null, Reach.EVERYWHERE);
        Credential session = credential(2, key, Reach.EVERYWHERE);
        Credential other = credential(3, null, Reach.EVERYWHERE);
        Tombstones tombstones = new Tombstones();
        assertThat(tombstones.covers(decision(5, key))).isFalse();
        tombstones.bury(ORG, key.id(), 6);
        tombstones.bury(ORG, key.id(), 4);
        assertThat(tombstones.covers(decision(5, key))).isTrue();
        assertThat(tombstones.covers(decision(5, session, key))).isTrue();
        assertThat(tombstones.covers(decision(6, session, key))).isFalse();
        assertThat(tombstones.covers(decision(5, other))).isFalse();
    }

    @Test
    void aTombstoneOfTheOwnerOrTheOrganizationCoversAllThatRestsOnIt() {
        Credential key = credential(1, null, Reach.EVERYWHERE);
        for (UUID ground : List.of(OWNER, ORG)) {
            Tombstones tombstones = new Tombstones();
            tombstones.bury(ORG, ground, 6);
            assertThat(tombstones.covers(decision(5, credential(2, key, Reach.EVERYWHERE), key)))
                    .isTrue();
            assertThat(tombstones.covers(decision(6, key))).isFalse();
        }
    }

    @Test
    void aTombstoneOfAnOwnerCoversNothingInAnotherOrganization() {
        Tombstones tombstones = new Tombstones();
        tombstones.bury(new UUID(9, 9), OWNER, 6);
        assertThat(tombstones.covers(decision(5, credential(1, null, Reach.EVERYWHERE))))
                .isFalse();
    }

    @Test
    void theRolesOfItsOwnersAndALockCutATokenDown() {
        Credential key = credential(1, null, Reach.EVERYWHERE);
        assertThat(standing(Standing.FULL.in(Role.OWNER), key).scopes()).isEqualTo(ScopeSet.all());
        Standing viewer = Standing.FULL.in(Role.DEVELOPER).in(Role.VIEWER);
        assertThat(standing(viewer, key).scopes()).isEqualTo(ScopeSet.of(Scope.SECRETS_READ));
        assertThat(standing(viewer, key).refusal()).isNull();
        Standing gone = Standing.FULL.in(Role.NONE).in(Role.OWNER);
        assertThat(standing(gone, key).refusal()).isEqualTo(ErrorCode.TOKEN_REVOKED);
        assertThat(standing(gone, key).scopes().isEmpty()).isTrue();
        Standing locked = new Standing(ScopeSet.of(), ErrorCode.ORG_LOCKED);
        assertThat(standing(locked, key).refusal()).isEqualTo(ErrorCode.ORG_LOCKED);
        assertThat(standing(locked, key.withRevokedAt(Instant.EPOCH)).refusal()).isEqualTo(ErrorCode.TOKEN_REVOKED);
    }

    private Decision standing(Standing standing, Credential key) {
        return new Decision(org, new CredentialStore.Found(List.of(key), standing, 5, NOW));
    }
}
