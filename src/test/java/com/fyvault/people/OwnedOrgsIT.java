package com.fyvault.people;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many organizations a person may own, however many of their logins ask at once. */
class OwnedOrgsIT extends ServerTest {
    private static final String EMAIL = "founder@example.com";
    private static final String ORGS = "//api/v1/orgs";
    private static final int PARALLEL = 128;
    private static final int LOGINS = 8;
    private static final int LEFT = 10;

    private TestServer second;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        second = server.secondNode();
    }

    @AfterAll
    void stop() {
        second.close();
    }

    @Test
    void itIsExactWhoeverElseAsks() {
        TestPeople people = new TestPeople(server);
        UUID id = people.plant(EMAIL, TestPeople.hash());
        List<Api> logins = new ArrayList<>();
        for (int i = 0; i < LOGINS; i++) {
            Api login = server.api(people.login(EMAIL));
            logins.add(i % 2 == 0 ? login : login.at(second.url()));
        }
        for (int i = 0; i < Memberships.MOST_OWNED - LEFT; i++) {
            var _ = created(logins.get(0).post(ORGS, Bodies.named("Org " + i)));
        }
        TreeMap<String, Integer> answers = new TreeMap<>();
        List<CompletableFuture<Api.Answer>> asked = new ArrayList<>();
        for (int k = 0; k < PARALLEL; k++) {
            asked.add(logins.get(k % LOGINS)
                    .sendLater("POST", ORGS, Bodies.named("Race " + k).encode()));
        }
        for (CompletableFuture<Api.Answer> answer : asked) {
            Api.Answer got = answer.join();
            answers.merge(got.status() == 201 ? "201" : got.code(), 1, Integer::sum);
        }
        long owned = owned(id);
        Figures.print(new Figures.Line(
                "members",
                "POST /orgs, 128 at once, " + LEFT + " left, 2 nodes",
                1,
                PARALLEL,
                Math.max(0, owned - Memberships.MOST_OWNED),
                "owned=" + owned + " answers=" + answers));
        assertThat(owned).isLessThanOrEqualTo(Memberships.MOST_OWNED);
        while (owned < Memberships.MOST_OWNED) {
            var _ = created(logins.get(0).post(ORGS, Bodies.named("Last " + owned)));
            owned++;
        }
        isRefused(logins.get(1).post(ORGS, Bodies.named("One more")), 409, "LIMIT_REACHED");
        assertThat(owned(id)).isEqualTo(Memberships.MOST_OWNED);
    }

    private long owned(UUID id) {
        return server.database().count("select count(*) from membership where user_id = ? and role = 'owner'", id);
    }
}
