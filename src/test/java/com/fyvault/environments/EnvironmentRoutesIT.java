package com.fyvault.environments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Environments over HTTP, by status. Each test works in a project of its own. */
class EnvironmentRoutesIT {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static TestServer server;
    private static Api api;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("postgres.acquire.timeout.millis", "5000"));
        api = server.api();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The path of a new project. */
    private static String project() {
        String name = "p" + NEXT.incrementAndGet();
        assertThat(api.post("/projects", named(name)).status()).isEqualTo(201);
        return "/projects/" + name;
    }

    private static JsonObject named(String name) {
        return new JsonObject().put("name", name);
    }

    private static List<String> names(String project) {
        return api.get(project + "/environments").list().stream()
                .map(item -> ((JsonObject) item).getString("name"))
                .toList();
    }

    private static List<String> defaults(String project) {
        return api.get(project + "/environments").list().stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getBoolean("is_default"))
                .map(item -> item.getString("name"))
                .toList();
    }

    @Nested
    class Answers200 {
        @Test
        void listsTheThreeOfANewOrganizationInTheirOrder() {
            assertThat(names("")).containsExactly("development", "staging", "production");
            assertThat(defaults("")).containsExactly("production");
        }

        @Test
        void hasTheFieldsThatTheClientsRead() {
            server.createSecret("COUNTED", "x");
            JsonObject found = api.get("/environments/production").data();
            assertThat(found.fieldNames())
                    .containsExactlyInAnyOrder(
                            "environment_id",
                            "id",
                            "project_id",
                            "name",
                            "description",
                            "is_default",
                            "sort_order",
                            "created_at",
                            "updated_at",
                            "_count");
            assertThat(found.getValue("description")).isNull();
            assertThat(found.getJsonObject("_count").getInteger("secret_values"))
                    .isPositive();
            assertThat(found.getJsonObject("_count").getInteger("devices")).isZero();
            assertThat(found.getInteger("sort_order")).isEqualTo(2);
            assertThat(Instant.parse(found.getString("created_at"))).isBefore(Instant.now());
            assertThat(api.get("/environments").list().getJsonObject(2)).isEqualTo(found);
        }

        @Test
        void findsByNameInAnyCaseByIdAndUnderEveryPath() {
            String id = server.environmentId("staging").toString();
            for (String path : List.of(
                    "/environments/staging",
                    "/environments/STAGING",
                    "/environments/" + id,
                    "/projects/default/environments/" + id,
                    "/vaults/default/environments/Staging",
                    "/projects/" + server.projectId() + "/environments/staging")) {
                assertThat(api.get(path).data().getString("environment_id"))
                        .as(path)
                        .isEqualTo(id);
            }
        }

        @Test
        void aPatchWithNothingInItChangesNothing() {
            String project = project();
            JsonObject before = api.get(project + "/environments/staging").data();
            Api.Answer answer = api.patch(
                    project + "/environments/staging",
                    new JsonObject().putNull("name").putNull("description"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(api.patch(project + "/environments/staging", new JsonObject())
                            .status())
                    .isEqualTo(200);
            before.remove("updated_at");
            answer.data().remove("updated_at");
            JsonObject after = api.get(project + "/environments/staging").data();
            after.remove("updated_at");
            assertThat(after).isEqualTo(before);
        }

        @Test
        void renamesAndDescribes() {
            String project = project();
            JsonObject renamed = api.patch(
                            project + "/environments/staging",
                            named("Preview.1").put("description", "before release"))
                    .data();
            assertThat(renamed.getString("name")).isEqualTo("Preview.1");
            assertThat(renamed.getString("description")).isEqualTo("before release");
            assertThat(names(project)).containsExactly("development", "Preview.1", "production");
            JsonObject bare = api.patch(project + "/environments/preview.1", new JsonObject().put("description", ""))
                    .data();
            assertThat(bare.getValue("description")).isNull();
        }

        @Test
        void handsTheDefaultOverWithAnEmptyBody() {
            String project = project();
            for (String to : List.of("staging", "staging", "development")) {
                Api.Answer answer = api.send("POST", project + "/environments/" + to + "/set-default", null);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(defaults(project)).containsExactly(to);
            }
        }

        @Test
        void deletesAndRestoresWithValues() {
            String project = project();
            assertThat(api.post(
                                    project + "/secrets?environment=staging",
                                    named("KEPT").put("value", "still here"))
                            .status())
                    .isEqualTo(201);
            Api.Answer gone = api.delete(project + "/environments/staging");
            assertThat(gone.status()).isEqualTo(200);
            assertThat(gone.data().getString("deleted_at")).isNotNull();
            assertThat(names(project)).containsExactly("development", "production");
            assertThat(api.get(project + "/environments?deleted=true").list()).hasSize(1);
            String id = gone.data().getString("id");
            assertThat(api.get(project + "/secrets/by-name/KEPT/value?environment=" + id)
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");

            Api.Answer back = api.send("POST", project + "/environments/" + id + "/undelete", null);
            assertThat(back.status()).as(back.text()).isEqualTo(200);
            assertThat(names(project)).containsExactly("development", "staging", "production");
            assertThat(api.get(project + "/secrets/by-name/KEPT/value?environment=staging")
                            .data()
                            .getString("value"))
                    .isEqualTo("still here");
        }

        @Test
        void everyChangeLeavesItsRecord() {
            String project = project();
            Api.Answer renamed = api.patch(project + "/environments/staging", named("qa"));
            var rows = server.database()
                    .query(
                            "select environment_id, action, outcome, details::text as details from audit_event"
                                    + " where event_id = ?",
                            UUID.fromString(renamed.requestId()));
            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).get("environment_id").toString())
                    .isEqualTo(renamed.data().getString("id"));
            assertThat(rows.get(0).get("details").toString())
                    .contains("staging")
                    .contains("qa");
        }
    }

    @Nested
    class Answers201 {
        @Test
        void makesOneAfterTheOthers() {
            String project = project();
            Api.Answer made = api.post(project + "/environments", named("qa").put("description", "tests"));
            assertThat(made.status()).isEqualTo(201);
            assertThat(made.data().getInteger("sort_order")).isEqualTo(3);
            assertThat(made.data().getBoolean("is_default")).isFalse();
            assertThat(names(project)).containsExactly("development", "staging", "production", "qa");
        }

        @Test
        void aNameIsFreeAgainOnceItsOwnerIsDeleted() {
            String project = project();
            String old = api.delete(project + "/environments/staging").data().getString("id");
            assertThat(api.post(project + "/environments", named("staging")).status())
                    .isEqualTo(201);
            assertThat(api.send("POST", project + "/environments/" + old + "/undelete", null)
                            .code())
                    .isEqualTo("NAME_TAKEN");
        }

        @Test
        void aRepeatWithTheSameIdempotencyKeyMakesNoSecondOne() {
            String project = project();
            String[] key = {"Idempotency-Key", UUID.randomUUID().toString()};
            Api.Answer first = api.post(project + "/environments", named("once"), key);
            Api.Answer second = api.post(project + "/environments", named("once"), key);
            assertThat(second.status()).isEqualTo(201);
            assertThat(second.data()).isEqualTo(first.data());
        }
    }

    @Nested
    class Answers400 {
        @Test
        void refusesNamesThatAPathCannotHold() {
            for (String name : List.of(
                    "a b",
                    "a/b",
                    "..",
                    ".",
                    "é",
                    "a".repeat(129),
                    UUID.randomUUID().toString())) {
                assertThat(api.post("/environments", named(name)).code())
                        .as(name)
                        .isEqualTo("INVALID_NAME");
                assertThat(api.patch("/environments/staging", named(name)).code())
                        .as(name)
                        .isEqualTo("INVALID_NAME");
            }
            assertThat(api.post("/environments", named("a".repeat(128))).status())
                    .isEqualTo(201);
        }

        @Test
        void refusesWhatIsMissingOrOfTheWrongType() {
            assertThat(api.post("/environments", new JsonObject()).code()).isEqualTo("INVALID_FIELD");
            assertThat(api.post("/environments", new JsonObject().put("name", 5))
                            .code())
                    .isEqualTo("INVALID_FIELD");
            assertThat(api.post("/environments", named("long").put("description", "d".repeat(1_001)))
                            .code())
                    .isEqualTo("INVALID_FIELD");
        }
    }

    @Nested
    class Answers401 {
        @Test
        void withoutAToken() {
            assertThat(server.api(null).get("/environments").code()).isEqualTo("TOKEN_MISSING");
        }
    }

    @Nested
    class Answers404 {
        @Test
        void anAbsentOneAndAnotherOrganizationsAreTheSame() {
            var other = server.anotherOrg();
            Api theirs = api.in(other.orgId().toString()).as(other.key().exposeText());
            String foreign = theirs.get("/environments/staging").data().getString("id");
            String absent = UUID.randomUUID().toString();
            for (String method : List.of("GET", "PATCH", "DELETE")) {
                Api.Answer one = api.send(method, "/environments/" + foreign, null);
                Api.Answer two = api.send(method, "/environments/" + absent, null);
                assertThat(one.status()).isEqualTo(404);
                assertThat(one.code()).isEqualTo("ENVIRONMENT_NOT_FOUND").isEqualTo(two.code());
                assertThat(one.json().getString("error")).isEqualTo(two.json().getString("error"));
            }
            for (String verb : List.of("/set-default", "/undelete")) {
                assertThat(api.send("POST", "/environments/" + foreign + verb, null)
                                .code())
                        .isEqualTo("ENVIRONMENT_NOT_FOUND");
            }
            assertThat(theirs.get("/environments/staging").status()).isEqualTo(200);
        }

        @Test
        void anEnvironmentOfAnotherProjectIsNotFoundInThisOne() {
            String other = api.get(project() + "/environments/staging").data().getString("id");
            assertThat(api.get("/environments/" + other).code()).isEqualTo("ENVIRONMENT_NOT_FOUND");
            assertThat(api.get("/projects/nowhere/environments").code()).isEqualTo("PROJECT_NOT_FOUND");
        }

        @Test
        void whatWasDeletedThirtyDaysAgoDoesNotComeBack() {
            String project = project();
            String id = api.delete(project + "/environments/staging").data().getString("id");
            server.database()
                    .execute(
                            "update environment set deleted_at = now() - interval '30 days 1 second'"
                                    + " where environment_id = ?::uuid",
                            id);
            assertThat(api.send("POST", project + "/environments/" + id + "/undelete", null)
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");
        }
    }

    @Nested
    class Answers409 {
        @Test
        void aNameIsTakenInAnyCase() {
            String project = project();
            assertThat(api.post(project + "/environments", named("STAGING")).code())
                    .isEqualTo("NAME_TAKEN");
            assertThat(api.patch(project + "/environments/staging", named("Production"))
                            .code())
                    .isEqualTo("NAME_TAKEN");
            assertThat(api.patch(project + "/environments/staging", named("Staging"))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void theDefaultCannotGo() {
            assertThat(api.delete("/environments/production").code()).isEqualTo("DEFAULT_CANNOT_GO");
        }

        @Test
        void whatIsNotDeletedCannotComeBack() {
            assertThat(api.send("POST", "/environments/staging/undelete", null).code())
                    .isEqualTo("NOT_DELETED");
        }

        @Test
        void aProjectHoldsTwoHundredAndNotOneMore() {
            String project = project();
            String id = api.get(project).data().getString("id");
            server.database()
                    .execute(
                            "insert into environment (org_id, environment_id, project_id, name, name_key, sort_order)"
                                    + " select ?, gen_random_uuid(), ?::uuid, 'e' || n, 'e' || n, n"
                                    + " from generate_series(4, 199) n",
                            server.orgId(),
                            id);
            String gone = api.delete(project + "/environments/e4").data().getString("id");
            assertThat(api.post(project + "/environments", named("e199x")).status())
                    .isEqualTo(201);
            assertThat(api.post(project + "/environments", named("e200")).status())
                    .isEqualTo(201);
            assertThat(names(project)).hasSize(200);
            assertThat(api.post(project + "/environments", named("e201")).code())
                    .isEqualTo("LIMIT_REACHED");
            assertThat(api.send("POST", project + "/environments/" + gone + "/undelete", null)
                            .code())
                    .isEqualTo("LIMIT_REACHED");
        }
    }

    @Nested
    class Answers405 {
        @Test
        void theCollectionItselfIsNeverDeleted() {
            assertThat(api.delete("/environments").code()).isEqualTo("METHOD_NOT_ALLOWED");
            assertThat(api.delete("/environments/").code()).isEqualTo("METHOD_NOT_ALLOWED");
        }
    }
}
