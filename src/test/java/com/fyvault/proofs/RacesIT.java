package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T26: races that must have one winner. */
class RacesIT extends ServerTest {
    private static final int RUNNERS = 64;

    private TestServer other;

    @BeforeAll
    void prepare() {
        other = server.secondNode();
    }

    @AfterAll
    void stop() {
        other.close();
    }

    @Test
    void oneOfManyWritersWithTheSameIfMatchWins() {
        String id = server.createSecret("RACE", "start");
        int rounds = Lane.count(1_000, 50);
        List<String> wrong = new ArrayList<>();
        TreeMap<Integer, Integer> statuses = new TreeMap<>();
        long version = 1;
        for (int round = 0; round < rounds; round++) {
            long expected = version;
            String value = "round " + round;
            List<Api.Answer> answers = race(runner -> node(runner)
                    .sendLater(
                            "PATCH",
                            "/secrets/" + id,
                            body(value + " of " + runner),
                            "If-Match",
                            "\"" + expected + "\""));
            answers.forEach(answer -> statuses.merge(answer.status(), 1, Integer::sum));
            List<Api.Answer> winners =
                    answers.stream().filter(a -> a.status() == 200).toList();
            long others = answers.stream()
                    .filter(a -> a.status() == 412 || a.status() == 503)
                    .count();
            long now = server.api().get("/secrets/" + id).data().getLong("version");
            if (winners.size() != 1 || others != RUNNERS - 1 || now != expected + 1) {
                wrong.add(winners.size() + " winners, version " + expected + " to " + now);
            }
            version = now;
        }
        Figures.print(new Figures.Line(
                "T26",
                "one If-Match, 64 writers, 2 nodes",
                0,
                (long) rounds * RUNNERS,
                wrong.size(),
                "rounds=" + rounds + " statuses=" + statuses));
        assertThat(wrong).isEmpty();
    }

    @Test
    void oneIdempotencyKeyHasOneEffect() {
        int rounds = Lane.count(1_000, 30);
        List<String> wrong = new ArrayList<>();
        TreeMap<Integer, Integer> statuses = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            String name = "ONCE_" + round;
            String key = "key-" + round;
            String body = new JsonObject()
                    .put("name", name)
                    .put("secretType", "GENERIC")
                    .put("value", "v")
                    .encode();
            List<Api.Answer> answers =
                    race(runner -> node(runner).sendLater("POST", "/secrets", body, "Idempotency-Key", key), 16);
            answers.forEach(answer -> statuses.merge(answer.status(), 1, Integer::sum));
            Set<String> ids = answers.stream()
                    .filter(a -> a.status() < 300)
                    .map(a -> a.data().getString("id"))
                    .collect(Collectors.toSet());
            boolean others = answers.stream()
                    .allMatch(a -> a.status() == 201
                            || a.status() == 503
                            || (a.status() == 409 && a.code().equals("REQUEST_IN_PROGRESS")));
            long stored = server.database().count("select count(*) from secret where name = ?", name);
            if (ids.size() != 1 || !others || stored != 1) {
                wrong.add(round + ": ids " + ids + ", stored " + stored + " " + statuses);
            }
        }
        Figures.print(new Figures.Line(
                "T26",
                "one Idempotency-Key, 16 senders, 2 nodes",
                0,
                rounds * 16L,
                wrong.size(),
                "rounds=" + rounds + " statuses=" + statuses));
        assertThat(wrong).isEmpty();
    }

    @Test
    void oneOfManyCreatorsOfANameWins() {
        int rounds = Lane.count(1_000, 20);
        List<String> wrong = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            String name = "NAME_" + round;
            List<Api.Answer> answers = race(
                    runner -> node(runner)
                            .sendLater(
                                    "POST",
                                    "/secrets",
                                    new JsonObject()
                                            .put(
                                                    "name",
                                                    runner % 2 == 0 ? name : name.toLowerCase(java.util.Locale.ROOT))
                                            .put("secretType", "GENERIC")
                                            .put("value", "v")
                                            .encode()),
                    16);
            long won = answers.stream().filter(a -> a.status() == 201).count();
            long lost = answers.stream()
                    .filter(a -> a.status() == 409 || a.status() == 503)
                    .count();
            if (won != 1 || lost != 15) {
                wrong.add(round + ": " + won + " won, " + lost + " lost");
            }
        }
        Figures.print(new Figures.Line("T26", "one name, 16 creators, 2 nodes", 0, rounds * 16L, wrong.size(), ""));
        assertThat(wrong).isEmpty();
    }

    private Api node(int runner) {
        return runner % 2 == 0 ? server.api() : other.api();
    }

    private static String body(String value) {
        return new JsonObject().put("value", value).encode();
    }

    private static List<Api.Answer> race(IntFunction<CompletableFuture<Api.Answer>> start) {
        return race(start, RUNNERS);
    }

    private static List<Api.Answer> race(IntFunction<CompletableFuture<Api.Answer>> start, int runners) {
        List<CompletableFuture<Api.Answer>> running = new ArrayList<>();
        for (int i = 0; i < runners; i++) {
            running.add(start.apply(i));
        }
        return running.stream().map(CompletableFuture::join).toList();
    }
}
