package com.fyvault.credentials;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever sees one project learns of no other one by what they ask a token to reach. */
class ForeignReachIT extends ServerTest {
    private String own;
    private String foreign;
    private Api developer;

    /** Where tokens are asked for, and how environments and projects are named there. */
    private record Door(String path, JsonObject body, String environments, String projects) {}

    @BeforeAll
    void prepare() {
        own = created(owner.post("/projects", named("own"))).getString("id");
        foreign = created(owner.post("/projects", named("foreign"))).getString("id");
        TestPeople people = new TestPeople(server);
        UUID id = people.plant("developer@example.com", TestPeople.hash());
        people.join(id, server.orgId(), Role.DEVELOPER);
        JsonObject only = new JsonObject()
                .put("role", "developer")
                .put("assignedOnly", true)
                .put("projects", new JsonObject().put("own", "developer"));
        assertThat(owner.patch("/members/" + id, only).status()).isEqualTo(200);
        String token = people.login("developer@example.com");
        people.plantFactor(id);
        people.stepUp(token, Duration.ZERO);
        developer = server.api(token);
    }

    private static List<Door> doors() {
        JsonObject reads = new JsonObject().put("scopes", texts("SECRETS_READ"));
        return List.of(
                new Door("/api-keys", reads.copy().put("label", "key"), "environments", "projects"),
                new Door("/access-tokens", new JsonObject(), "environments", "projects"),
                new Door("/agent-credentials", reads.copy().put("name", "bot"), "allowedEnvironments", "projects"),
                new Door(
                        "/trust-rules",
                        reads.copy()
                                .put("name", "rule")
                                .put("type", "github")
                                .put("conditions", new JsonObject().put("repository", "acme/app")),
                        "environments",
                        "projects"));
    }

    private String environment(String project) {
        return server.database()
                .query(
                        "select environment_id from environment where project_id = ?::uuid and name = 'production'",
                        project)
                .get(0)
                .get("environment_id")
                .toString();
    }

    private Api.Answer ask(Door door, Map<String, String> fields) {
        JsonObject body = door.body().copy();
        fields.forEach((field, id) -> body.put(field, texts(id)));
        return developer.post(door.path(), body);
    }

    @Test
    void anEnvironmentOfAnotherProjectIsLikeNone() {
        for (Door door : doors()) {
            Api.Answer mine = ask(door, Map.of(door.environments(), environment(own)));
            assertThat(mine.status()).as(door + mine.text()).isEqualTo(201);
            Api.Answer theirs = ask(door, Map.of(door.environments(), environment(foreign)));
            Api.Answer nobodys =
                    ask(door, Map.of(door.environments(), UUID.randomUUID().toString()));
            isSame(door, theirs, nobodys);
        }
    }

    @Test
    void anotherProjectIsLikeNoneWhateverElseIsWrong() {
        for (Door door : doors()) {
            for (String environment : List.of(environment(foreign), environment(own), "nowhere")) {
                Api.Answer theirs = ask(door, Map.of(door.projects(), foreign, door.environments(), environment));
                Api.Answer nobodys = ask(
                        door, Map.of(door.projects(), UUID.randomUUID().toString(), door.environments(), environment));
                isSame(door, theirs, nobodys);
            }
        }
    }

    private static void isSame(Door door, Api.Answer theirs, Api.Answer nobodys) {
        assertThat(theirs.status()).as(door + theirs.text()).isEqualTo(403).isEqualTo(nobodys.status());
        assertThat(theirs.code()).isEqualTo("EXCEEDS_PARENT").isEqualTo(nobodys.code());
        assertThat(theirs.json().getString("error")).isEqualTo(nobodys.json().getString("error"));
    }
}
