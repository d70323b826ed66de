package com.fyvault.environments;

import static com.fyvault.support.Bodies.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What environments over HTTP are refused with, by status. Each test works in a project of its own. */
class EnvironmentRefusalsIT extends EnvironmentTest {
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
                assertThat(owner.post("/environments", named(name)).code())
                        .as(name)
                        .isEqualTo("INVALID_NAME");
                assertThat(owner.patch("/environments/staging", named(name)).code())
                        .as(name)
                        .isEqualTo("INVALID_NAME");
            }
            assertThat(owner.post("/environments", named("a".repeat(128))).status())
                    .isEqualTo(201);
        }

        @Test
        void refusesWhatIsMissingOrOfTheWrongType() {
            assertThat(owner.post("/environments", new JsonObject()).code()).isEqualTo("INVALID_FIELD");
            assertThat(owner.post("/environments", new JsonObject().put("name", 5))
                            .code())
                    .isEqualTo("INVALID_FIELD");
            assertThat(owner.post("/environments", named("long").put("description", "d".repeat(1_001)))
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
            Api theirs = owner.in(other.orgId().toString()).as(other.key().exposeText());
            String foreign = theirs.get("/environments/staging").data().getString("id");
            String absent = UUID.randomUUID().toString();
            for (String method : List.of("GET", "PATCH", "DELETE")) {
                Api.Answer one = owner.send(method, "/environments/" + foreign, null);
                Api.Answer two = owner.send(method, "/environments/" + absent, null);
                assertThat(one.status()).isEqualTo(404);
                assertThat(one.code()).isEqualTo("ENVIRONMENT_NOT_FOUND").isEqualTo(two.code());
                assertThat(one.json().getString("error")).isEqualTo(two.json().getString("error"));
            }
            for (String verb : List.of("/set-default", "/undelete")) {
                assertThat(owner.send("POST", "/environments/" + foreign + verb, null)
                                .code())
                        .isEqualTo("ENVIRONMENT_NOT_FOUND");
            }
            assertThat(theirs.get("/environments/staging").status()).isEqualTo(200);
        }

        @Test
        void anEnvironmentOfAnotherProjectIsNotFoundInThisOne() {
            String other = owner.get(project() + "/environments/staging").data().getString("id");
            assertThat(owner.get("/environments/" + other).code()).isEqualTo("ENVIRONMENT_NOT_FOUND");
            assertThat(owner.get("/projects/nowhere/environments").code()).isEqualTo("PROJECT_NOT_FOUND");
        }

        @Test
        void whatWasDeletedThirtyDaysAgoDoesNotComeBack() {
            String project = project();
            String id = owner.delete(project + "/environments/staging").data().getString("id");
            server.database()
                    .execute(
                            "update environment set deleted_at = now() - interval '30 days 1 second'"
                                    + " where environment_id = ?::uuid",
                            id);
            assertThat(owner.send("POST", project + "/environments/" + id + "/undelete", null)
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");
        }
    }

    @Nested
    class Answers409 {
        @Test
        void aNameIsTakenInAnyCase() {
            String project = project();
            assertThat(owner.post(project + "/environments", named("STAGING")).code())
                    .isEqualTo("NAME_TAKEN");
            assertThat(owner.patch(project + "/environments/staging", named("Production"))
                            .code())
                    .isEqualTo("NAME_TAKEN");
            assertThat(owner.patch(project + "/environments/staging", named("Staging"))
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void theDefaultCannotGo() {
            assertThat(owner.delete("/environments/production").code()).isEqualTo("DEFAULT_CANNOT_GO");
        }

        @Test
        void whatIsNotDeletedCannotComeBack() {
            assertThat(owner.send("POST", "/environments/staging/undelete", null)
                            .code())
                    .isEqualTo("NOT_DELETED");
        }

        @Test
        void aProjectHoldsTwoHundredAndNotOneMore() {
            String project = project();
            String id = owner.get(project).data().getString("id");
            server.database()
                    .execute(
                            "insert into environment (org_id, environment_id, project_id, name, name_key, sort_order)"
                                    + " select ?, gen_random_uuid(), ?::uuid, 'e' || n, 'e' || n, n"
                                    + " from generate_series(4, 199) n",
                            server.orgId(),
                            id);
            String gone = owner.delete(project + "/environments/e4").data().getString("id");
            assertThat(owner.post(project + "/environments", named("e199x")).status())
                    .isEqualTo(201);
            assertThat(owner.post(project + "/environments", named("e200")).status())
                    .isEqualTo(201);
            assertThat(names(project)).hasSize(200);
            assertThat(owner.post(project + "/environments", named("e201")).code())
                    .isEqualTo("LIMIT_REACHED");
            assertThat(owner.send("POST", project + "/environments/" + gone + "/undelete", null)
                            .code())
                    .isEqualTo("LIMIT_REACHED");
        }
    }

    @Nested
    class Answers405 {
        @Test
        void theCollectionItselfIsNeverDeleted() {
            assertThat(owner.delete("/environments").code()).isEqualTo("METHOD_NOT_ALLOWED");
            assertThat(owner.delete("/environments/").code()).isEqualTo("METHOD_NOT_ALLOWED");
        }
    }
}
