package com.fyvault.proofs.history;

import com.fyvault.proofs.history.Linearizability.Found;
import com.fyvault.proofs.history.Linearizability.Verdict;
import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import com.fyvault.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Every history of a run, judged by the search and by the rules. A search that did not end is a violation too. */
final class Judgement {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STORED = """
            select v.secret_id, e.name, count(*) as count, min(v.version) as lowest, max(v.version) as highest
              from secret_version v
              join environment e on e.org_id = v.org_id and e.environment_id = v.environment_id
             group by v.secret_id, e.name
            """;

    private final List<TestSecret> secrets;
    private final List<TestToken> tokens;
    private final List<String> violations = new ArrayList<>();
    private long undecided;

    Judgement(List<TestSecret> secrets, List<TestToken> tokens) {
        this.secrets = secrets;
        this.tokens = tokens;
    }

    List<String> violations() {
        return violations;
    }

    /** Searches that ran out of time. */
    long undecided() {
        return undecided;
    }

    /** What was judged: answers about secrets, and what only tokens were told. */
    long operations() {
        long uses = tokens.stream()
                .flatMap(token -> token.history().stream())
                .filter(o -> o.told() != TokenModel.Told.ACCEPTED)
                .count();
        return uses
                + secrets.stream().mapToLong(secret -> secret.history().size()).sum();
    }

    void judge(TestDatabase database) {
        Map<String, Rules.Stored> stored = stored(database);
        for (TestSecret secret : secrets) {
            List<Operation<Ask, Told>> history = secret.history();
            for (Place place : Place.values()) {
                Rules.Stored there = stored.getOrDefault(secret.id() + place, Rules.Stored.NOTHING);
                Rules.broken(history, place, there, secret.first())
                        .forEach(broken -> violations.add(secret.name() + ": " + broken));
            }
            note(secret.name(), history, new Linearizability<>(secret.model(), LIMIT).check(history));
        }
        for (TestToken token : tokens) {
            Rules.revived(token.history()).forEach(broken -> violations.add(token + ": " + broken));
            note(
                    token.toString(),
                    token.history(),
                    new Linearizability<>(new TokenModel(), LIMIT).check(token.history()));
        }
    }

    private <A, T> void note(String name, List<Operation<A, T>> history, Found found) {
        if (found.isLinearizable()) {
            return;
        }
        undecided += found.verdict() == Verdict.UNDECIDED ? 1 : 0;
        violations.add(name + ": " + found.verdict() + "\n" + told(history, found.order()));
    }

    /** The history by the time of its calls, each with its place in the longest order that was legal. */
    private static <A, T> String told(List<Operation<A, T>> history, List<Integer> order) {
        long zero = history.stream().mapToLong(Operation::called).min().orElse(0);
        return history.stream()
                .sorted(Comparator.comparingLong(Operation::called))
                .map(o -> String.format(
                        Locale.ROOT,
                        "%10.3f %10.3f ms  client %2d  #%-4d %s: %s",
                        (o.called() - zero) / 1e6,
                        o.isOpen() ? Double.NaN : (o.returned() - zero) / 1e6,
                        o.client(),
                        order.indexOf(history.indexOf(o)),
                        o.ask(),
                        o.told()))
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, Rules.Stored> stored(TestDatabase database) {
        Map<String, Rules.Stored> all = new HashMap<>();
        for (Map<String, Object> row : database.query(STORED)) {
            String place = String.valueOf(row.get("name")).toUpperCase(Locale.ROOT);
            all.put(
                    row.get("secret_id") + place,
                    new Rules.Stored(number(row, "count"), number(row, "lowest"), number(row, "highest")));
        }
        return all;
    }

    private static long number(Map<String, Object> row, String column) {
        return Long.parseLong(String.valueOf(row.get(column)));
    }
}
