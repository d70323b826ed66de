package com.fyvault.proofs.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.proofs.history.Linearizability.Found;
import com.fyvault.proofs.history.Linearizability.Verdict;
import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The checker finds what it is for, and nothing else. */
class LinearizabilityTest {
    private static final long SEED = 20_261_121;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String V1 = SimulatedSecret.FIRST;
    private static final String V2 = SecretModel.NAMED + "second";
    private static final String V3 = SecretModel.NAMED + "third";
    private static final Ask READ = new Ask.Read(Place.PRODUCTION);
    private static final Ask READ_STAGING = new Ask.Read(Place.STAGING);
    private static final Ask DELETE = new Ask.SetDeleted(true);
    private static final Ask UNDELETE = new Ask.SetDeleted(false);
    private static final Told ABSENT = new Told.Absent();

    private final List<Operation<Ask, Told>> history = new ArrayList<>();

    private LinearizabilityTest saw(Ask ask, Told told, long called, long returned) {
        history.add(new Operation<>(history.size(), ask, told, called, returned));
        return this;
    }

    private LinearizabilityTest lost(Ask ask, long called) {
        history.add(Operation.open(history.size(), ask, called));
        return this;
    }

    private void isGood() {
        assertThat(found(history).verdict()).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(EveryOrder.linearizable(new SecretModel(V1), history)).isTrue();
    }

    private void isBad() {
        assertThat(found(history).verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(EveryOrder.linearizable(new SecretModel(V1), history)).isFalse();
    }

    private static Found found(List<Operation<Ask, Told>> history) {
        return new Linearizability<>(new SecretModel(V1), LIMIT).check(history);
    }

    private static Ask write(String content) {
        return new Ask.Write(Place.PRODUCTION, content, 0);
    }

    private static Ask writeOver(long version, String content) {
        return new Ask.Write(Place.PRODUCTION, content, version);
    }

    private static Told value(long version, String text) {
        return new Told.Value(version, text);
    }

    private static Told done(long version) {
        return new Told.Done(version);
    }

    /** Histories that a person can judge. */
    @Nested
    class Known {
        @Test
        void aReadDuringAWriteSeesEither() {
            saw(write(V2), done(2), 1, 10).saw(READ, value(2, V2), 2, 3).isGood();
            history.clear();
            saw(write(V2), done(2), 1, 10).saw(READ, value(1, V1), 2, 3).isGood();
        }

        @Test
        void whatOneReaderHasSeenALaterOneSeesToo() {
            saw(write(V2), done(2), 1, 10)
                    .saw(READ, value(2, V2), 2, 3)
                    .saw(READ, value(1, V1), 4, 5)
                    .isBad();
        }

        @Test
        void aReadAfterAWriteDoesNotSeeTheOldValue() {
            saw(write(V2), done(2), 1, 2).saw(READ, value(1, V1), 3, 4).isBad();
        }

        @Test
        void aVersionHasTheValueThatWasWritten() {
            saw(write(V2), done(2), 1, 2).saw(READ, value(2, V3), 3, 4).isBad();
        }

        @Test
        void twoWritersDoNotGetOneVersion() {
            saw(write(V2), done(2), 1, 5).saw(write(V3), done(2), 2, 6).isBad();
        }

        @Test
        void noVersionIsLeftOut() {
            saw(write(V2), done(3), 1, 2).isBad();
        }

        @Test
        void aWriterWhoLostByIfMatchLostToSomebody() {
            saw(writeOver(1, V2), done(2), 1, 5)
                    .saw(writeOver(1, V3), new Told.Mismatch(), 2, 6)
                    .isGood();
            history.clear();
            saw(writeOver(1, V3), new Told.Mismatch(), 1, 2).isBad();
        }

        @Test
        void aLostWriteMayBeSeenLateOrNever() {
            lost(write(V2), 1)
                    .saw(READ, value(1, V1), 2, 3)
                    .saw(READ, value(2, V2), 50, 60)
                    .isGood();
            history.clear();
            lost(write(V2), 1).saw(READ, value(1, V1), 50, 60).isGood();
        }

        @Test
        void aLostWriteDoesNotComeAndGo() {
            lost(write(V2), 1)
                    .saw(READ, value(2, V2), 2, 3)
                    .saw(READ, value(1, V1), 4, 5)
                    .isBad();
        }

        @Test
        void aLostWriteIsNotSeenBeforeItWasSent() {
            saw(READ, value(2, V2), 1, 2).lost(write(V2), 3).isBad();
        }

        @Test
        void aDeletedSecretIsGoneInEveryEnvironmentUntilItIsBack() {
            saw(DELETE, done(1), 1, 2)
                    .saw(READ, ABSENT, 3, 4)
                    .saw(UNDELETE, done(1), 5, 6)
                    .saw(READ, value(1, V1), 7, 8)
                    .isGood();
            history.clear();
            saw(DELETE, done(1), 1, 2).saw(READ, value(1, V1), 3, 4).isBad();
            history.clear();
            saw(READ_STAGING, ABSENT, 1, 2).saw(READ, ABSENT, 3, 4).isBad();
        }

        @Test
        void goingBackBringsTheOldContentUnderANewNumber() {
            saw(write(V2), done(2), 1, 2)
                    .saw(new Ask.RollBack(Place.PRODUCTION, 1), done(3), 3, 4)
                    .saw(READ, value(3, V1), 5, 6)
                    .isGood();
            history.set(2, new Operation<>(2, READ, value(3, V2), 5, 6));
            isBad();
        }

        @Test
        void whatTheServerMadeIsNothingThatAClientNamed() {
            saw(write(SecretModel.MADE + 1), done(2), 1, 2)
                    .saw(READ, value(2, "9fQ"), 3, 4)
                    .isGood();
            history.set(1, new Operation<>(1, READ, value(2, V1), 3, 4));
            isBad();
        }

        @Test
        void aRevokedTokenIsRefusedFromThenOn() {
            TokenModel model = new TokenModel();
            List<Operation<TokenModel.Ask, TokenModel.Told>> uses = new ArrayList<>();
            uses.add(new Operation<>(0, TokenModel.Ask.REVOKE, TokenModel.Told.REVOKED, 1, 10));
            uses.add(new Operation<>(1, TokenModel.Ask.USE, TokenModel.Told.ACCEPTED, 2, 20));
            uses.add(new Operation<>(2, TokenModel.Ask.USE, TokenModel.Told.REFUSED, 11, 12));
            assertThat(new Linearizability<>(model, LIMIT).check(uses).isLinearizable())
                    .isTrue();
            uses.add(new Operation<>(3, TokenModel.Ask.USE, TokenModel.Told.ACCEPTED, 13, 14));
            assertThat(new Linearizability<>(model, LIMIT).check(uses).verdict())
                    .isEqualTo(Verdict.NOT_LINEARIZABLE);
        }
    }

    /** Histories by the thousand, from a seed. */
    @Nested
    class Random {
        private final SplittableRandom random = new SplittableRandom(SEED);

        @Test
        void agreesWithTheDefinitionOnSmallHistories() {
            int good = 0;
            int bad = 0;
            for (int i = 0; i < 10_000; i++) {
                List<Operation<Ask, Told>> some = new SimulatedSecret(random, 0.15).history(3, 2 + random.nextInt(5));
                if (i % 4 != 0) {
                    Spoiling.one(random, some);
                }
                boolean expected = EveryOrder.linearizable(new SecretModel(V1), some);
                assertThat(found(some).isLinearizable()).as(i + ": " + some).isEqualTo(expected);
                good += expected ? 1 : 0;
                bad += expected ? 0 : 1;
            }
            assertThat(good).isGreaterThan(2_500);
            assertThat(bad).isGreaterThan(2_500);
        }

        @Test
        void acceptsLongHistoriesAndRefusesThemWithOneStaleRead() {
            int spoilt = 0;
            for (int i = 0; i < 1_000; i++) {
                List<Operation<Ask, Told>> some = new SimulatedSecret(random, 0.02).history(2 + random.nextInt(7), 200);
                assertThat(found(some).verdict()).as(i + ": " + some).isEqualTo(Verdict.LINEARIZABLE);
                if (Spoiling.stale(random, some)) {
                    spoilt++;
                    assertThat(found(some).verdict()).as(i + ": " + some).isEqualTo(Verdict.NOT_LINEARIZABLE);
                }
            }
            assertThat(spoilt).isGreaterThan(900);
        }

        @Test
        void saysSoWhenItsTimeIsOver() {
            List<Operation<Ask, Told>> hard = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                hard.add(new Operation<>(i, new Ask.RollBack(Place.STAGING, 1), ABSENT, i, 1_000));
                hard.add(Operation.open(i, new Ask.Write(Place.STAGING, SecretModel.NAMED + i, 0), i));
            }
            Found found = new Linearizability<>(new SecretModel(V1), Duration.ofMillis(50)).check(hard);
            assertThat(found.verdict()).isEqualTo(Verdict.UNDECIDED);
            assertThat(found.isLinearizable()).isFalse();
        }
    }
}
