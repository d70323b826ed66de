package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.Welch;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T39: whether an address has an account shows in no answer, and in the full lane not in its time either. */
class WhoExistsIT extends ServerTest {
    private static final String WRONG = "a password of a good length";
    /** These are different in any two answers. */
    private static final Set<String> OWN = Set.of("x-request-id", "date");

    private TestPeople people;
    private String hash;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        hash = TestPeople.hash();
    }

    /** All that a client sees of an answer but what is its own. */
    private static String shape(Api.Answer answer) {
        JsonObject body = answer.json();
        var _ = body.remove("requestId");
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        headers.keySet().removeAll(OWN);
        return answer.status() + " " + headers + " " + body;
    }

    private Api.Answer login(String email, String password) {
        return people.tryLogin(email, password);
    }

    private Api.Answer forgot(String email) {
        return people.post("/auth/password/forgot", new JsonObject().put("email", email));
    }

    private Api.Answer signUp(String email) {
        return people.post(
                "/auth/signup",
                new JsonObject()
                        .put("email", email)
                        .put("password", TestPeople.PASSWORD)
                        .put("organization", "Org"));
    }

    @Test
    void everyRefusalLooksTheSame() {
        assertThat(people.plant("known@example.com", hash)).isNotNull();
        assertThat(people.plant("closed@example.com", hash)).isNotNull();
        server.database()
                .execute("insert into account (user_id, email) values (gen_random_uuid(), 'nopassword@example.com')");
        for (int i = 0; i < 5; i++) {
            var _ = login("closed@example.com", WRONG);
        }
        Map<String, String> shapes = new TreeMap<>();
        shapes.put("wrong", shape(login("known@example.com", WRONG)));
        shapes.put("unknown", shape(login("nobody@example.com", WRONG)));
        shapes.put("closed, right", shape(login("closed@example.com", TestPeople.PASSWORD)));
        shapes.put("closed, wrong", shape(login("closed@example.com", WRONG)));
        shapes.put("no password", shape(login("nopassword@example.com", WRONG)));
        shapes.put("too short", shape(login("known@example.com", "x")));
        shapes.put("too long", shape(login("known@example.com", "x".repeat(5_000))));
        shapes.put("unknown, too long", shape(login("nobody2@example.com", "x".repeat(5_000))));
        shapes.put("no address", shape(login("nobody", WRONG)));
        long different = shapes.values().stream().distinct().count() - 1;
        Set<String> asked = Set.of(shape(forgot("known@example.com")));
        Set<String> unasked = Set.of(shape(forgot("nobody@example.com")));
        Set<String> there = Set.of(shape(signUp("known@example.com")));
        Set<String> notThere = Set.of(shape(signUp("new@example.com")));
        int more = (asked.equals(unasked) ? 0 : 1) + (there.equals(notThere) ? 0 : 1);
        Figures.print(new Figures.Line("T39", "who exists, by the answer", 0, shapes.size() + 4, different + more, ""));
        assertThat(shapes.values()).as(shapes.toString()).containsOnly(shapes.get("unknown"));
        assertThat(asked).isEqualTo(unasked);
        assertThat(there).isEqualTo(notThere);
    }

    @Test
    void everyRefusalTakesAsLong() {
        int each = Lane.count(20, 2_000);
        for (int i = 0; i < each; i++) {
            var _ = people.plant("timed" + i + "@example.com", hash);
        }
        compare(
                "login",
                each,
                i -> login("timed" + i + "@example.com", WRONG),
                i -> login("none" + i + "@example.com", WRONG));
        // These are answered a fixed time after they came, so fewer of them tell as much.
        int even = Math.max(20, each / 4);
        compare("reset", even, i -> forgot("timed" + i + "@example.com"), i -> forgot("none" + i + "@example.com"));
        compare("sign-up", even, i -> signUp("timed" + i + "@example.com"), i -> signUp("new" + i + "@example.com"));
    }

    /** In turn, so that whatever the machine does meanwhile is done to both. */
    private static void compare(String what, int each, IntFunction<Api.Answer> known, IntFunction<Api.Answer> unknown) {
        List<Long> one = new ArrayList<>();
        List<Long> other = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            boolean first = i % 2 == 0;
            one.add(timed(i, first ? known : unknown));
            other.add(timed(i, first ? unknown : known));
            if (!first) {
                long swapped = one.removeLast();
                one.add(other.removeLast());
                other.add(swapped);
            }
        }
        Welch welch = Welch.of(array(one), array(other));
        boolean told = Math.abs(welch.t()) >= 4.5 || Math.abs(welch.medianRatio() - 1) > 0.03;
        Figures.print(new Figures.Line(
                "T39",
                "who exists, by the time: " + what,
                0,
                2L * each,
                told && Lane.isFull() ? 1 : 0,
                String.format(
                        Locale.ROOT,
                        "t=%.2f medians=%.4f%s",
                        welch.t(),
                        welch.medianRatio(),
                        Lane.isFull() ? "" : " (too few to judge)")));
        if (Lane.isFull()) {
            assertThat(Math.abs(welch.t())).isLessThan(4.5);
            assertThat(welch.medianRatio()).isBetween(0.97, 1.03);
        }
    }

    private static long timed(int i, IntFunction<Api.Answer> request) {
        long start = System.nanoTime();
        int status = request.apply(i).status();
        long took = System.nanoTime() - start;
        assertThat(status).isIn(401, 202);
        return took;
    }

    private static long[] array(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
