package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.BoxKey;
import com.fyvault.crypto.OneTimeCode;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.SubKeys;
import com.fyvault.guesses.CountGuess;
import com.fyvault.guesses.CountGuess.Kind;
import com.fyvault.guesses.PostgresGuessStore;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.DatabaseClock;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** T41: each code once, by the database's clock, whoever asks at the same time on whatever node. */
class FactorRacesIT {
    private static final int RUNNERS = 64;

    // One for all: a nonce that comes again is refused.
    private static final SeededRandom RANDOM = new SeededRandom(41);
    private final UUID user = new UUID(41, 1);
    private final SubKeys keys = SubKeys.derive(RANDOM.bytes(32));
    private final byte[] secret = RANDOM.bytes(OneTimeCode.SECRET_LENGTH);
    private TestDatabase database;
    private List<Instance> nodes;

    /** What a node has of its own: its Vert.x, its pool. */
    private record Instance(Vertx vertx, Database pool, FactorStore store, CheckCode codes) {}

    @BeforeEach
    void start() {
        database = TestPostgres.shared().create();
        database.execute("insert into account (user_id, email) values (?, 'codes@example.com')", user);
        nodes = List.of(node(), node());
        enrol();
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> TestServer.await(node.vertx().close()));
        database.close();
    }

    private Instance node() {
        Map<String, String> settings = new HashMap<>(database.settings());
        // All tries of a round wait at one row; on a busy machine that is longer than a server would wait.
        settings.put("postgres.acquire.timeout.millis", "10000");
        settings.put("postgres.statement.timeout.millis", "20000");
        settings.put("postgres.deadline.millis", "30000");
        Vertx vertx = Vertx.vertx();
        Database pool = new Database(vertx, PostgresSettings.from(Config.of(settings)), "factors");
        FactorStore store = new PostgresFactorStore(pool);
        RowSeal seals = new RowSeal(keys.rowSeal());
        CountGuess guesses = new CountGuess(new PostgresGuessStore(pool), seals);
        return new Instance(vertx, pool, store, new CheckCode(store, boxes(), recovery(), guesses));
    }

    private BoxKey boxes() {
        return keys.factors();
    }

    private RecoveryCodes recovery() {
        return new RecoveryCodes(new RowSeal(keys.rowSeal()), RANDOM);
    }

    /** Puts the secret in force, with no step used. */
    private void enrol() {
        byte[] sealed = boxes().seal(CheckCode.BOX, user, secret, RANDOM);
        database.execute(
                "insert into totp (user_id, sealed, confirmed_at) values (?, ?, clock_timestamp())", user, sealed);
    }

    private Instance node(int runner) {
        return nodes.get(runner % nodes.size());
    }

    /** The step that it is for the database. */
    private long now() {
        return Objects.requireNonNull(TestServer.await(nodes.get(0).store().shared(user)))
                .nowStep();
    }

    private String codeOf(long step) {
        return TotpTest.code(secret, step);
    }

    private boolean use(String code) {
        return TestServer.await(nodes.get(0).codes().use(user, Kind.ONE_TIME_CODE, code));
    }

    /** How many of many at once were let in. */
    private long race(Kind kind, String code) {
        List<Future<Boolean>> all = new ArrayList<>();
        for (int runner = 0; runner < RUNNERS; runner++) {
            all.add(node(runner).codes().use(user, kind, code));
        }
        var _ = TestServer.await(Future.all(all));
        return all.stream().filter(Future::result).count();
    }

    @Test
    void oneOfManyGetsInWithACodeOfTheApp() {
        int rounds = Lane.count(25, 1_000);
        List<Long> winners = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            database.execute("update totp set last_step = 0 where user_id = ?", user);
            winners.add(race(Kind.ONE_TIME_CODE, codeOf(now() - 1 + round % 3)));
        }
        print("one code of the app, 64 tries, 2 nodes", winners);
        assertThat(winners).hasSize(rounds).allMatch(won -> won == 1);
    }

    @Test
    void oneOfManyGetsInWithARecoveryCode() {
        int rounds = Lane.count(25, 1_000);
        List<Long> winners = new ArrayList<>();
        List<String> drawn = List.of();
        for (int round = 0; round < rounds; round++) {
            if (round % RecoveryCodes.MANY == 0) {
                drawn = give();
            }
            winners.add(race(Kind.RECOVERY_CODE, drawn.get(round % RecoveryCodes.MANY)));
        }
        print("one recovery code, 64 tries, 2 nodes", winners);
        assertThat(winners).hasSize(rounds).allMatch(won -> won == 1);
    }

    private List<String> give() {
        List<String> drawn = recovery().draw();
        List<byte[]> hashes =
                drawn.stream().map(code -> recovery().hash(user, code)).toList();
        Instance node = nodes.get(0);
        var _ = TestServer.await(
                node.pool().inTransaction(transaction -> node.store().replaceRecoveryCodes(transaction, user, hashes)));
        return drawn;
    }

    private static void print(String name, List<Long> winners) {
        Figures.print(new Figures.Line(
                "T41",
                name,
                0,
                (long) winners.size() * RUNNERS,
                winners.stream().filter(won -> won != 1).count(),
                "rounds=" + winners.size()));
    }

    @Test
    void aCodeIsGoodInThreeStepsAndOnce() {
        long now = now();
        List<Long> taken = new ArrayList<>();
        for (long step = now - 3; step <= now + 3; step++) {
            database.execute("update totp set last_step = 0 where user_id = ?", user);
            if (use(codeOf(step))) {
                taken.add(step - now);
                assertThat(use(codeOf(step))).as("replayed").isFalse();
            }
        }
        // A step may have passed meanwhile: then it is 0 to 2.
        long moved = now() - now;
        assertThat(taken).contains(0L, 1L).allMatch(step -> step >= -1 && step <= 1 + moved);
        assertThat(use(codeOf(now() + 1))).isTrue();
        assertThat(use(codeOf(now()))).as("older than the one used").isFalse();
        Figures.print(new Figures.Line("T41", "codes 3 steps before to 3 after", 0, 7, 0, "taken=" + taken));
    }

    @Test
    void malformedCodesAreNotTaken() {
        List<String> malformed = Malformed.of(codeOf(now()));
        long accepted = malformed.stream().filter(this::use).count();
        Figures.print(new Figures.Line("T41", "malformed codes, at the database", 0, malformed.size(), accepted, ""));
        assertThat(malformed).hasSize(40);
        assertThat(accepted).isZero();
        assertThat(use(codeOf(now()))).isTrue();
    }

    @Test
    void theClockOfTheNodeChangesNothing() {
        DatabaseClock clock = new DatabaseClock(database);
        nodes.forEach(node -> TestServer.await(node.vertx().close()));
        nodes = List.of(node(), node());
        List<String> wrong = new ArrayList<>();
        List<String> skews = List.of("-1 day", "-90 seconds", "-60 seconds", "60 seconds", "90 seconds", "1 day");
        for (String skew : skews) {
            clock.moveTo(skew);
            database.execute("update totp set last_step = 0 where user_id = ?", user);
            long here = System.currentTimeMillis() / 1_000 / Totp.STEP_SECONDS;
            long there = now();
            for (long step = here - 1; step <= here + 1; step++) {
                if (Math.abs(step - there) > Totp.WINDOW + 1 && use(codeOf(step))) {
                    wrong.add(skew + ": the node's clock lets in");
                }
            }
            if (Math.abs(here - there) < 1 || !use(codeOf(there)) || use(codeOf(there))) {
                wrong.add(skew + ": the database's clock does not count, " + (there - here));
            }
        }
        Figures.print(new Figures.Line(
                "T41", "node and database disagree on the time", skews.size(), skews.size() * 5L, wrong.size(), ""));
        assertThat(wrong).isEmpty();
    }

    @Test
    void aSecretCopiedToSomebodyElseOpensNothing() {
        UUID other = new UUID(41, 2);
        database.execute("insert into account (user_id, email) values (?, 'thief@example.com')", other);
        database.execute(
                "insert into totp (user_id, sealed, confirmed_at) select ?, sealed, confirmed_at from totp", other);
        Throwable failure = TestServer.await(nodes.get(0)
                        .codes()
                        .use(other, Kind.ONE_TIME_CODE, codeOf(now()))
                        .transform(done -> Future.succeededFuture(done)))
                .cause();
        assertThat(failure).isInstanceOf(SealBroken.class);
    }

    @Test
    void nothingOfACodeOrSecretIsReadableAtRest() {
        List<String> drawn = give();
        String rows = (database.query("select t::text as shown from totp t") + ""
                        + database.query("select r::text as shown from recovery_code r"))
                .toLowerCase(Locale.ROOT);
        assertThat(rows)
                .doesNotContain(HexFormat.of().formatHex(secret))
                .doesNotContain(Base32.encode(secret).toLowerCase(Locale.ROOT));
        assertThat(drawn).allMatch(code -> !rows.contains(code) && !rows.contains(code.replace("-", "")));
    }
}
