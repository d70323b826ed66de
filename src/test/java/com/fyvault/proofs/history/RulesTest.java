package com.fyvault.proofs.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each rule finds what breaks it, and none finds anything in what a correct secret has shown. */
class RulesTest {
    private static final String FIRST = SecretModel.NAMED + "first";
    private static final String NEXT = SecretModel.NAMED + "next";
    private static final Ask READ = new Ask.Read(Place.PRODUCTION);

    private final List<Operation<Ask, Told>> history = new ArrayList<>();

    @CanIgnoreReturnValue
    private RulesTest saw(Ask ask, Told told) {
        long at = history.size() * 10L;
        history.add(new Operation<>(0, ask, told, at, at + 5));
        return this;
    }

    private static Ask write(long demanded) {
        return new Ask.Write(Place.PRODUCTION, NEXT, demanded);
    }

    private List<String> broken(long stored) {
        return Rules.broken(history, Place.PRODUCTION, new Rules.Stored(stored, Math.min(1, stored), stored), FIRST);
    }

    @Test
    void nothingIsBrokenByASecretThatIsRight() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            List<Operation<Ask, Told>> good = new SimulatedSecret(random, 0).history(4, 50);
            for (Place place : Place.values()) {
                long made = good.stream()
                        .filter(o -> (o.ask() instanceof Ask.Write write && write.place() == place)
                                || (o.ask() instanceof Ask.RollBack back && back.place() == place))
                        .filter(o -> o.told() instanceof Told.Done)
                        .count();
                long stored = made + (place == Place.PRODUCTION ? 1 : 0);
                Rules.Stored all = new Rules.Stored(stored, Math.min(1, stored), stored);
                assertThat(Rules.broken(good, place, all, SimulatedSecret.FIRST))
                        .isEmpty();
            }
        }
    }

    @Test
    void oneVersionIsGivenOnce() {
        saw(write(0), new Told.Done(2)).saw(write(0), new Told.Done(2));
        assertThat(broken(3)).singleElement().asString().startsWith("a version twice");
    }

    @Test
    void ifMatchWinsTheVersionAfterItsOwn() {
        saw(write(3), new Told.Done(2));
        assertThat(broken(2)).singleElement().asString().startsWith("not what If-Match demanded");
    }

    @Test
    void aReadAfterAWriteIsNotStale() {
        saw(write(0), new Told.Done(2)).saw(READ, new Told.Value(1, FIRST));
        assertThat(broken(2)).singleElement().asString().startsWith("stale");
    }

    @Test
    void whatIsReadWasWritten() {
        saw(READ, new Told.Value(1, SecretModel.NAMED + "of nobody"));
        assertThat(broken(1)).singleElement().asString().startsWith("a stranger");
    }

    @Test
    void aVersionHasOneText() {
        saw(READ, new Told.Value(1, "3kX")).saw(READ, new Told.Value(1, "9pQ"));
        assertThat(broken(1)).singleElement().asString().startsWith("a stranger");
    }

    @Test
    void acknowledgedVersionsAreStored() {
        saw(write(0), new Told.Done(2));
        assertThat(broken(1)).hasSize(1);
        assertThat(broken(2)).isEmpty();
        assertThat(broken(3)).as("a version that nobody made").hasSize(1);
        history.add(Operation.open(0, write(0), 1));
        assertThat(broken(3)).as("one that was in doubt").isEmpty();
    }

    @Test
    void storedVersionsHaveNoGaps() {
        saw(write(0), new Told.Done(2));
        assertThat(Rules.broken(history, Place.PRODUCTION, new Rules.Stored(2, 1, 3), FIRST))
                .hasSize(1);
    }

    @Test
    void aRevokedTokenDoesNotComeBack() {
        Operation<TokenModel.Ask, TokenModel.Told> revoked =
                new Operation<>(0, TokenModel.Ask.REVOKE, TokenModel.Told.REVOKED, 0, 5);
        assertThat(Rules.revived(
                        List.of(revoked, new Operation<>(0, TokenModel.Ask.USE, TokenModel.Told.ACCEPTED, 4, 9))))
                .isEmpty();
        assertThat(Rules.revived(
                        List.of(revoked, new Operation<>(0, TokenModel.Ask.USE, TokenModel.Told.ACCEPTED, 6, 9))))
                .hasSize(1);
    }
}
