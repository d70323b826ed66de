package com.fyvault.environments;

import static com.fyvault.support.Bodies.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Environments over HTTP, by status. Each test works in a project of its own. */
class EnvironmentRoutesIT extends EnvironmentTest {
    private List<String> defaults(String project) {
        return owner.get(project + "/environments").list().stream()
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
            JsonObject found = owner.get("/environments/production").data();
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
            assertThat(owner.get("/environments").list().getJsonObject(2)).isEqualTo(found);
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
                assertThat(owner.get(path).data().getString("environment_id"))
                        .as(path)
                        .isEqualTo(id);
            }
        }

        @Test
        void aPatchWithNothingInItChangesNothing() {
            String project = project();
            JsonObject before = owner.get(project + "/environments/staging").data();
            Api.Answer answer = owner.patch(
                    project + "/environments/staging",
                    new JsonObject().putNull("name").putNull("description"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(owner.patch(project + "/environments/staging", new JsonObject())
                            .status())
                    .isEqualTo(200);
            before.remove("updated_at");
            answer.data().remove("updated_at");
            JsonObject after = owner.get(project + "/environments/staging").data();
            after.remove("updated_at");
            assertThat(after).isEqualTo(before);
        }

        @Test
        void renamesAndDescribes() {
            String project = project();
            JsonObject renamed = owner.patch(
                            project + "/environments/staging",
                            named("Preview.1").put("description", "before release"))
                    .data();
            assertThat(renamed.getString("name")).isEqualTo("Preview.1");
            assertThat(renamed.getString("description")).isEqualTo("before release");
            assertThat(names(project)).containsExactly("development", "Preview.1", "production");
            JsonObject bare = owner.patch(project + "/environments/preview.1", new JsonObject().put("description", ""))
                    .data();
            assertThat(bare.getValue("description")).isNull();
        }

        @Test
        void handsTheDefaultOverWithAnEmptyBody() {
            String project = project();
            for (String to : List.of("staging", "staging", "development")) {
                Api.Answer answer = owner.send("POST", project + "/environments/" + to + "/set-default", null);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(defaults(project)).containsExactly(to);
            }
        }

        @Test
        void deletesAndRestoresWithValues() {
            String project = project();
            assertThat(owner.post(
                                    project + "/secrets?environment=staging",
                                    named("KEPT").put("value", "still here"))
                            .status())
                    .isEqualTo(201);
            Api.Answer gone = owner.delete(project + "/environments/staging");
            assertThat(gone.status()).isEqualTo(200);
            assertThat(gone.data().getString("deleted_at")).isNotNull();
            assertThat(names(project)).containsExactly("development", "production");
            assertThat(owner.get(project + "/environments?deleted=true").list()).hasSize(1);
            String id = gone.data().getString("id");
            assertThat(owner.get(project + "/secrets/by-name/KEPT/value?environment=" + id)
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");

            Api.Answer back = owner.send("POST", project + "/environments/" + id + "/undelete", null);
            assertThat(back.status()).as(back.text()).isEqualTo(200);
            assertThat(names(project)).containsExactly("development", "staging", "production");
            assertThat(owner.get(project + "/secrets/by-name/KEPT/value?environment=staging")
                            .data()
                            .getString("value"))
                    .isEqualTo("still here");
        }

        @Test
        void everyChangeLeavesItsRecord() {
            String project = project();
            Api.Answer renamed = owner.patch(project + "/environments/staging", named("qa"));
            var rows = server.database()
                    .query(
                            "select environment_id, action, outcome, details::text as details from audit_trail"
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
            Api.Answer made = owner.post(project + "/environments", named("qa").put("description", "tests"));
            assertThat(made.status()).isEqualTo(201);
            assertThat(made.data().getInteger("sort_order")).isEqualTo(3);
            assertThat(made.data().getBoolean("is_default")).isFalse();
            assertThat(names(project)).containsExactly("development", "staging", "production", "qa");
        }

        @Test
        void aNameIsFreeAgainOnceItsOwnerIsDeleted() {
            String project = project();
            String old = owner.delete(project + "/environments/staging").data().getString("id");
            assertThat(owner.post(project + "/environments", named("staging")).status())
                    .isEqualTo(201);
            assertThat(owner.send("POST", project + "/environments/" + old + "/undelete", null)
                            .code())
                    .isEqualTo("NAME_TAKEN");
        }

        @Test
        void aRepeatWithTheSameIdempotencyKeyMakesNoSecondOne() {
            String project = project();
            String[] key = {"Idempotency-Key", UUID.randomUUID().toString()};
            Api.Answer first = owner.post(project + "/environments", named("once"), key);
            Api.Answer second = owner.post(project + "/environments", named("once"), key);
            assertThat(second.status()).isEqualTo(201);
            assertThat(second.data()).isEqualTo(first.data());
        }
    }
}
