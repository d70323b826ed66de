package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is bounded about people: passwords that wait to be hashed, and organizations of one owner. */
class PasswordQueueIT extends ServerTest {
    @Override
    protected Map<String, String> settings() {
        return Map.of("people.password.threads", "1", "people.password.queue", "2");
    }

    @Test
    void whoeverComesToAFullQueueIsToldToComeAgain() {
        List<CompletableFuture<Api.Answer>> all = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String body = new JsonObject()
                    .put("email", "q" + i + "@example.com")
                    .put("password", "whatever")
                    .encode();
            all.add(server.api(null).sendLater("POST", "//api/v1/auth/login", body));
        }
        List<Api.Answer> answers = all.stream().map(CompletableFuture::join).toList();
        assertThat(answers.stream().map(Api.Answer::status)).contains(401, 503).containsOnly(401, 503);
        assertThat(answers).filteredOn(answer -> answer.status() == 503).allSatisfy(answer -> {
            isRefused(answer, 503, "OVERLOADED");
            assertThat(answer.header("retry-after")).isEqualTo("1");
        });
    }

    @Test
    void aPersonOwnsAHundredOrganizationsAndNoMore() {
        TestPeople people = new TestPeople(server);
        UUID ada = people.plant("ada@example.com", TestPeople.hash());
        Api api = server.api(people.login("ada@example.com"));
        server.database()
                .execute("insert into org (org_id, name, slug) select gen_random_uuid(), 'many', 'many-' || n"
                        + " from generate_series(1, 99) n");
        server.database()
                .execute(
                        "insert into membership (org_id, user_id, role, seal)"
                                + " select org_id, ?, 'owner', '' from org where name = 'many'",
                        ada);
        assertThat(api.send("POST", "//api/v1/orgs", "{\"name\":\"hundredth\"}").status())
                .isEqualTo(201);
        isRefused(api.send("POST", "//api/v1/orgs", "{\"name\":\"one more\"}"), 409, "LIMIT_REACHED");
    }
}
