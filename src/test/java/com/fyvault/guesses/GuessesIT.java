package com.fyvault.guesses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.EnvironmentRootKey;
import com.fyvault.crypto.RowSeal;
import com.fyvault.guesses.CountGuess.Kind;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** T19: guesses are counted for all nodes together, whatever is flushed and restarted. StuffingIT asks over HTTP. */
class GuessesIT {
    private static final String ACCOUNT = "alice@example.com";
    private static final List<String> SPELLINGS = List.of(
            ACCOUNT,
            "Alice@Example.com",
            "ALICE@EXAMPLE.COM",
            " alice@example.com",
            "alice @example.com\t",
            "ali\u200bce@example.com",
            "\uff21lice@example.com");

    private final SeededRandom random = new SeededRandom(19);
    private final String rootKey = Base64.getEncoder().encodeToString(random.bytes(32));
    private TestDatabase database;
    private List<Instance> nodes;

    /** What a node has of its own: its Vert.x, its pool, its copy of the keys. */
    private record Instance(Vertx vertx, CountGuess guesses, PostgresGuessStore store) {
        void close() {
            TestServer.await(vertx.close());
        }
    }

    @BeforeEach
    void start() {
        database = TestPostgres.shared().create();
        nodes = new ArrayList<>(List.of(node(Map.of()), node(Map.of()), node(Map.of())));
    }

    @AfterEach
    void stop() {
        nodes.forEach(Instance::close);
        database.close();
    }

    private Instance node(Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(database.settings());
        // All guesses of the test wait at one row; on a busy machine that is longer than a server would wait.
        settings.put("postgres.acquire.timeout.millis", "10000");
        settings.put("postgres.statement.timeout.millis", "20000");
        settings.put("postgres.deadline.millis", "30000");
        settings.putAll(overrides);
        Vertx vertx = Vertx.vertx();
        RowSeal seals = new RowSeal(EnvironmentRootKey.load("KEY", Map.of("KEY", rootKey), "dev", random)
                .subKeys()
                .rowSeal());
        PostgresGuessStore store =
                new PostgresGuessStore(new Database(vertx, PostgresSettings.from(Config.of(settings)), "guesses"));
        return new Instance(vertx, new CountGuess(store, seals), store);
    }

    /** So many guesses at once, in turn at each node and in each spelling; how many were let through. */
    private long guess(int many) {
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            CountGuess guesses = nodes.get(i % nodes.size()).guesses();
            all.add(guesses.count(Kind.PASSWORD, SPELLINGS.get(random.nextInt(SPELLINGS.size()))));
        }
        var _ = TestServer.await(Future.join(all).transform(done -> Future.succeededFuture()));
        assertThat(all.stream().filter(Future::failed)).allMatch(one -> isOneTooMany(one.cause()));
        return all.stream().filter(Future::succeeded).count();
    }

    private static boolean isOneTooMany(Throwable failure) {
        if (!(failure instanceof Refusal refusal) || refusal.code() != ErrorCode.RATE_LIMITED) {
            return false;
        }
        long seconds = Long.parseLong(Objects.requireNonNull(refusal.headers().get("retry-after")));
        return seconds >= 1 && seconds <= 3_600;
    }

    /** The failure of one guess; null when it is let through. */
    private static @Nullable Throwable failure(Instance node, Kind kind, String account) {
        return TestServer.await(node.guesses().count(kind, account).transform(done -> Future.succeededFuture(done)))
                .cause();
    }

    @Test
    void neverMoreThanAHundredWhateverIsFlushedAndRestarted() {
        int rounds = Lane.count(2, 20);
        long most = 0;
        long asked = 0;
        try (TestRedis redis = TestRedis.own()) {
            for (int round = 0; round < rounds; round++) {
                long passed = guess(90);
                assertThat(passed).isEqualTo(90);
                assertThat(redis.command(nodes.get(0).vertx(), Command.FLUSHALL))
                        .hasToString("OK");
                nodes.remove(round % 3).close();
                nodes.add(node(Map.of()));
                passed += guess(120);
                most = Math.max(most, passed);
                asked += 210;
                assertThat(passed).isEqualTo(100);
                anHourLater("59 minutes");
                assertThat(guess(9)).isZero();
                anHourLater("1 hour");
            }
        }
        Figures.print(new Figures.Line(
                "T19",
                "guesses, 3 nodes, FLUSHALL, a node restarted",
                2L * rounds,
                asked,
                most > 100 ? 1 : 0,
                "most counted for an account=" + most));
    }

    /** Every guess so far was made that much earlier. */
    private void anHourLater(String time) {
        assertThat(database.execute("update guess set times = (select array_agg(t - interval '" + time
                        + "') from unnest(times) as t), last_at = last_at - interval '" + time + "'"))
                .isEqualTo(1);
    }

    @Test
    void theWindowSlides() {
        assertThat(guess(60)).isEqualTo(60);
        anHourLater("30 minutes");
        assertThat(guess(60)).isEqualTo(40);
        anHourLater("31 minutes");
        assertThat(guess(70)).isEqualTo(60);
        assertThat(database.count("select cardinality(times) from guess")).isEqualTo(100);
    }

    @Test
    void accountsAndKindsDoNotShare() {
        assertThat(guess(101)).isEqualTo(100);
        assertThat(isOneTooMany(Objects.requireNonNull(failure(nodes.get(0), Kind.PASSWORD, ACCOUNT))))
                .isTrue();
        assertThat(failure(nodes.get(1), Kind.ONE_TIME_CODE, ACCOUNT)).isNull();
        assertThat(failure(nodes.get(2), Kind.PASSWORD, "bob@example.com")).isNull();
        String rows = database.query("select g::text as shown from guess g").toString();
        assertThat(rows.toLowerCase(Locale.ROOT)).doesNotContain("alice").doesNotContain("616c696365");
    }

    @Test
    void whenTheStoreIsAwayNobodyMayGuess() {
        // Nothing listens there.
        Instance away = node(Map.of("postgres.port", "1"));
        nodes.add(away);
        Throwable failure = Objects.requireNonNull(failure(away, Kind.PASSWORD, ACCOUNT));
        assertThat(failure).isNotInstanceOf(Refusal.class);
        assertThat(database.count("select count(*) from guess")).isZero();
    }

    @Test
    void whatIsADayOldIsForgotten() {
        assertThat(guess(100)).isEqualTo(100);
        assertThat(TestServer.await(nodes.get(0).store().purge())).isZero();
        anHourLater("25 hours");
        assertThat(TestServer.await(nodes.get(0).store().purge())).isEqualTo(1);
        assertThat(database.count("select count(*) from guess")).isZero();
    }
}
