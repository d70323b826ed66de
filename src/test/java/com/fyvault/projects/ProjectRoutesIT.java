package com.fyvault.projects;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.names;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Projects over HTTP, by status, and what tokens that are confined see of projects and environments. */
class ProjectRoutesIT extends ServerTest {
    @Override
    protected Map<String, String> settings() {
        return Map.of("postgres.acquire.timeout.millis", "5000");
    }

    @CanIgnoreReturnValue
    private JsonObject made(String name) {
        return created(owner.post("/projects", named(name)));
    }

    /** A client whose key is confined as the fields say. */
    private Api confined(JsonObject fields) {
        return withKey(fields.put("scopes", texts("ORG_ADMIN", "ENVIRONMENTS_WRITE")));
    }

    @Nested
    class Answers200 {
        @Test
        void listsTheDefaultOneFirstUnderBothNames() {
            made("aaa");
            assertThat(names(owner.get("/projects"))).startsWith("default", "aaa");
            assertThat(owner.get("/vaults").list())
                    .isEqualTo(owner.get("/projects").list());
        }

        @Test
        void hasItsFieldsAndCounts() {
            JsonObject project = made("counted");
            assertThat(owner.post("/vaults/counted/secrets", named("ONE").put("value", "1"))
                            .status())
                    .isEqualTo(201);
            JsonObject found = owner.get("/projects/Counted").data();
            assertThat(found.fieldNames())
                    .containsExactlyInAnyOrder(
                            "project_id",
                            "id",
                            "org_id",
                            "name",
                            "description",
                            "is_default",
                            "created_at",
                            "updated_at",
                            "_count");
            assertThat(found.getString("project_id")).isEqualTo(project.getString("id"));
            assertThat(found.getJsonObject("_count"))
                    .isEqualTo(new JsonObject().put("environments", 3).put("secrets", 1));
            assertThat(owner.get("/vaults/" + project.getString("id")).data()).isEqualTo(found);
        }

        @Test
        void renamesDescribesDeletesAndRestores() {
            String id = made("first").getString("id");
            JsonObject renamed = owner.patch("/projects/first", named("Second").put("description", "d"))
                    .data();
            assertThat(renamed.getString("name")).isEqualTo("Second");
            assertThat(owner.patch("/projects/second", new JsonObject()).data().getString("description"))
                    .isEqualTo("d");
            Api.Answer gone = owner.delete("/projects/second");
            assertThat(gone.status()).isEqualTo(200);
            assertThat(owner.get("/projects/" + id).code()).isEqualTo("PROJECT_NOT_FOUND");
            assertThat(names(owner.get("/projects?deleted=true"))).contains("Second");
            assertThat(owner.send("POST", "/projects/second/undelete", null).status())
                    .isEqualTo(200);
            assertThat(owner.get("/projects/" + id).status()).isEqualTo(200);
        }
    }

    @Nested
    class Answers201 {
        @Test
        void aNewProjectHasTheThreeEnvironmentsWithProductionAsDefault() {
            made("fresh");
            assertThat(names(owner.get("/projects/fresh/environments")))
                    .containsExactly("development", "staging", "production");
            assertThat(owner.get("/projects/fresh/environments/production")
                            .data()
                            .getBoolean("is_default"))
                    .isTrue();
        }
    }

    @Nested
    class Answers400 {
        @Test
        void refusesNamesThatAPathCannotHold() {
            for (String name : List.of(
                    "a b", "a/b", "..", "x".repeat(129), UUID.randomUUID().toString())) {
                assertThat(owner.post("/projects", named(name)).code()).as(name).isEqualTo("INVALID_NAME");
            }
        }
    }

    @Nested
    class Answers403 {
        @Test
        void withoutTheScope() {
            Api reader = withKey(new JsonObject().put("scopes", new JsonArray().add("SECRETS_READ")));
            assertThat(reader.get("/projects").status()).isEqualTo(200);
            assertThat(reader.get("/environments").status()).isEqualTo(200);
            assertThat(reader.post("/projects", named("no")).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.delete("/projects/default").code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.post("/environments", named("no")).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.send("POST", "/environments/staging/set-default", null)
                            .code())
                    .isEqualTo("SCOPE_MISSING");
        }

        @Test
        void aTokenConfinedToAnEnvironmentSeesAndChangesThatOneOnly() {
            String staging = server.environmentId("staging").toString();
            Api confined = confined(new JsonObject().put("environments", new JsonArray().add(staging)));
            assertThat(names(confined.get("/environments"))).containsExactly("staging");
            assertThat(confined.get("/environments/staging").status()).isEqualTo(200);
            assertThat(confined.get("/environments/production").code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            assertThat(confined.patch("/environments/production", named("x")).code())
                    .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            assertThat(confined.delete("/environments/development").code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            assertThat(confined.post("/environments", named("more")).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            // The default would be taken from one that is out of its reach.
            assertThat(confined.send("POST", "/environments/staging/set-default", null)
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            assertThat(confined.patch("/environments/staging", new JsonObject().put("description", "mine"))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void aTokenConfinedToAProjectCannotMakeAnother() {
            String id = made("only").getString("id");
            Api confined = confined(new JsonObject().put("projects", new JsonArray().add(id)));
            assertThat(confined.post("/projects", named("another")).status()).isEqualTo(403);
        }
    }

    @Nested
    class Answers404 {
        @Test
        void aTokenConfinedToAProjectSeesThatOneOnly() {
            String id = made("mine").getString("id");
            String other = made("theirs").getString("id");
            Api confined = confined(new JsonObject().put("projects", new JsonArray().add(id)));
            assertThat(names(confined.get("/projects"))).containsExactly("mine");
            assertThat(confined.get("/projects/mine/environments").list()).hasSize(3);
            String absent = UUID.randomUUID().toString();
            for (String path :
                    List.of("/projects/theirs", "/vaults/" + other, "/projects/default", "/projects/" + absent)) {
                assertThat(confined.get(path).code()).as(path).isEqualTo("PROJECT_NOT_FOUND");
                assertThat(confined.patch(path, named("x")).code()).as(path).isEqualTo("PROJECT_NOT_FOUND");
                assertThat(confined.delete(path).code()).as(path).isEqualTo("PROJECT_NOT_FOUND");
                assertThat(confined.get(path + "/environments").code()).as(path).isEqualTo("PROJECT_NOT_FOUND");
                assertThat(confined.get(path + "/environments/staging").code())
                        .as(path)
                        .isEqualTo("PROJECT_NOT_FOUND");
                assertThat(confined.post(path + "/environments", named("x")).code())
                        .as(path)
                        .isEqualTo("PROJECT_NOT_FOUND");
            }
            assertThat(confined.get("/environments").code()).isEqualTo("PROJECT_NOT_FOUND");
        }

        @Test
        void aForeignProjectAndAnAbsentOneAreTheSame() {
            var other = server.anotherOrg();
            for (String id :
                    List.of(other.projectId().toString(), UUID.randomUUID().toString())) {
                for (String method : List.of("GET", "PATCH", "DELETE")) {
                    assertThat(owner.send(method, "/projects/" + id, null).code())
                            .isEqualTo("PROJECT_NOT_FOUND");
                }
                assertThat(owner.send("POST", "/projects/" + id + "/undelete", null)
                                .code())
                        .isEqualTo("PROJECT_NOT_FOUND");
            }
        }
    }

    @Nested
    class Answers409 {
        @Test
        void theNameIsTakenInAnyCase() {
            made("taken");
            assertThat(owner.post("/vaults", named("TAKEN")).code()).isEqualTo("NAME_TAKEN");
            assertThat(owner.post("/vaults", named("Default")).code()).isEqualTo("NAME_TAKEN");
        }

        @Test
        void theDefaultCannotGo() {
            assertThat(owner.delete("/projects/default").code()).isEqualTo("DEFAULT_CANNOT_GO");
            assertThat(owner.send("POST", "/projects/default/undelete", null).code())
                    .isEqualTo("NOT_DELETED");
        }

        @Test
        void anOrganizationHoldsAThousandAndNotOneMore() {
            var other = server.anotherOrg();
            Api full = owner.in(other.orgId().toString()).as(other.key().exposeText());
            server.database()
                    .execute(
                            "insert into project (org_id, project_id, name, name_key)"
                                    + " select ?, gen_random_uuid(), 'p' || n, 'p' || n from generate_series(1, 998) n",
                            other.orgId());
            assertThat(full.post("/projects", named("last")).status()).isEqualTo(201);
            assertThat(full.post("/projects", named("over")).code()).isEqualTo("LIMIT_REACHED");
            assertThat(full.get("/projects").list()).hasSize(1_000);
            assertThat(full.delete("/projects/p1").status()).isEqualTo(200);
            assertThat(full.post("/projects", named("over")).status()).isEqualTo(201);
            assertThat(full.send("POST", "/projects/p1/undelete", null).code()).isEqualTo("LIMIT_REACHED");
        }
    }
}
