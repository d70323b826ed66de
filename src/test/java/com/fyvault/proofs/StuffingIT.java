package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T38: stolen passwords tried everywhere, and one account tried all day, by clients that lie about their addresses. */
class StuffingIT extends ServerTest {
    private static final int CLIENTS = 16;
    private static final String WRONG = "somebody else's password";

    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        // Everything comes from one address here: what is proved is what holds without that limit.
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0", "people.password.threads", "2");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
    }

    @Test
    void oneGuessAtEachOfManyAccountsLetsNobodyIn() {
        int accounts = Lane.count(100, 10_000);
        String hash = TestPeople.hash();
        for (int i = 0; i < accounts; i += 10) {
            var _ = people.plant("many" + i + "@example.com", hash);
        }
        AtomicInteger in = new AtomicInteger();
        AtomicInteger odd = new AtomicInteger();
        long looked = tried(accounts, i -> "many" + i + "@example.com", in, odd);
        Figures.print(new Figures.Line(
                "T38",
                "one guess at each of many accounts",
                0,
                accounts,
                in.get() + odd.get(),
                "looked at=" + looked + " let in=" + in.get()));
        assertThat(in).hasValue(0);
        assertThat(odd).hasValue(0);
    }

    @Test
    void manyGuessesAtOneAccountAreFewAndItsOwnerStillGetsIn() throws Exception {
        int guesses = Lane.count(100, 10_000);
        int owners = Lane.count(10, 100);
        String email = "one@example.com";
        assertThat(people.plant(email, TestPeople.hash())).isNotNull();
        Browser browser = people.browser(email);
        AtomicInteger in = new AtomicInteger();
        AtomicInteger odd = new AtomicInteger();
        AtomicInteger home = new AtomicInteger();
        Thread owner = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < owners; i++) {
                home.addAndGet(entered(browser, email));
            }
        });
        long answered = tried(guesses, i -> email, in, odd);
        owner.join();
        long counted = server.database().count("select coalesce(max(cardinality(times)), 0) from guess");
        long failures = server.database().count("select coalesce(max(failures), 0) from password_failure");
        Figures.print(new Figures.Line(
                "T38",
                "many guesses at one account, forged addresses",
                guesses,
                answered,
                in.get() + odd.get() + (owners - home.get()),
                "in a row looked at=" + failures + " most counted=" + counted + " owner in=" + home.get() + " of "
                        + owners));
        assertThat(in).hasValue(0);
        assertThat(odd).hasValue(0);
        assertThat(failures).isLessThanOrEqualTo(5);
        assertThat(counted).isLessThanOrEqualTo(100);
        assertThat(home).hasValue(owners);
    }

    /** 1 once the owner is in; who is told that the server is busy comes again, as a browser would. */
    private static int entered(Browser browser, String email) {
        JsonObject credentials = new JsonObject().put("email", email).put("password", TestPeople.PASSWORD);
        for (int i = 0; i < 200; i++) {
            Api.Answer answer = browser.ask("POST", "/auth/login", credentials);
            if (answer.status() != 503) {
                return answer.status() == 200 ? 1 : 0;
            }
        }
        return 0;
    }

    private interface Target {
        String email(int number);
    }

    /** How many tries got an answer other than that the server is busy. */
    private long tried(int many, Target target, AtomicInteger in, AtomicInteger odd) {
        AtomicInteger looked = new AtomicInteger();
        try (Load load = Load.start(CLIENTS, many, i -> {
            String liar = "10." + i % 250 + "." + i / 250 % 250 + ".1";
            Api.Answer answer = people.tryLogin(
                    target.email(i), WRONG, "x-forwarded-for", liar, "forwarded", "for=" + liar, "x-real-ip", liar);
            switch (answer.status()) {
                case 401, 429 -> looked.incrementAndGet();
                case 503 -> {}
                case 200 -> in.incrementAndGet();
                default -> odd.incrementAndGet();
            }
            return answer;
        })) {
            var _ = load.finish();
        }
        return looked.get();
    }
}
