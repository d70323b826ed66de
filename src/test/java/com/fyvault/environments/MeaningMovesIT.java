package com.fyvault.environments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * What a name or the default means is kept in the memory of every node. After a change was answered,
 * the next read on either node goes by the new meaning, whatever reference it uses and whichever of
 * them found the change out.
 */
class MeaningMovesIT {
    private static final Map<String, String> SETTINGS =
            Map.of("postgres.acquire.timeout.millis", "5000", "postgres.deadline.millis", "20000");
    private static final int RACERS = 64;
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static TestServer first;
    private static TestServer second;

    @BeforeAll
    static void start() {
        first = TestServer.start(SETTINGS);
        second = first.secondNode();
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    /** A project whose environments each hold their own name, and which both nodes have read by every reference. */
    private static final class Vault {
        private final String name = "v" + NEXT.incrementAndGet();
        private final String id = change("POST", "/projects", name).getString("id");
        private final Map<String, String> ids = Map.of(
                "development", idOf("development"), "staging", idOf("staging"), "production", idOf("production"));

        Vault() {
            ids.forEach((environment, environmentId) -> assertThat(first.api()
                            .post(
                                    path() + "/secrets?environment=" + environment,
                                    new JsonObject()
                                            .put("name", "IN_" + environment)
                                            .put("value", environment))
                            .status())
                    .isEqualTo(201));
            ids.keySet().forEach(environment -> {
                for (TestServer node : List.of(first, second)) {
                    for (String project : projects()) {
                        assertThat(read(node, project, environment, environment))
                                .isEqualTo("200");
                        assertThat(read(node, project, ids.get(environment), environment))
                                .isEqualTo("200");
                        read(node, project, "", environment);
                    }
                }
            });
        }

        String path() {
            return "/projects/" + id;
        }

        List<String> projects() {
            return List.of("/projects/" + id, "/projects/" + name, "/vaults/" + name);
        }

        @CanIgnoreReturnValue
        JsonObject at(String method, String environment, String verb) {
            return change(method, path() + "/environments/" + environment + verb, null);
        }

        private String idOf(String environment) {
            return first.api()
                    .get(path() + "/environments/" + environment)
                    .data()
                    .getString("id");
        }
    }

    @CanIgnoreReturnValue
    private static JsonObject change(String method, String path, String name) {
        Api.Answer answer = first.api()
                .send(
                        method,
                        path,
                        name == null ? null : new JsonObject().put("name", name).encode());
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
        return answer.data();
    }

    /** 200 when the reference leads to the environment that holds this secret; otherwise the code of the refusal. */
    @CanIgnoreReturnValue
    private static String read(TestServer node, String project, String reference, String holds) {
        String query = reference.isEmpty() ? "" : "?environment=" + reference;
        Api.Answer answer = node.api().get(project + "/secrets/by-name/IN_" + holds + "/value" + query);
        return answer.status() == 200 ? "200" : answer.code();
    }

    /** The answers of both nodes by each name of the project, the one that found out first asked again last. */
    private static List<String> everywhere(Vault vault, String reference, String holds) {
        List<String> answers = new ArrayList<>();
        for (TestServer node : List.of(second, first)) {
            for (String project : vault.projects()) {
                answers.add(read(node, project, reference, holds));
            }
            answers.add(read(node, vault.projects().get(0), reference, holds));
        }
        return answers;
    }

    @RepeatedTest(3)
    void anotherDefaultIsSeenByTheNextReadWhoeverFoundOut() {
        Vault vault = new Vault();
        vault.at("POST", "staging", "/set-default");
        // The change is found out by name first: what the default means must not be believed after that.
        assertThat(read(second, vault.path(), "production", "production")).isEqualTo("200");
        assertThat(everywhere(vault, "", "production")).containsOnly("SECRET_NOT_FOUND");
        assertThat(everywhere(vault, "", "staging")).containsOnly("200");
        vault.at("POST", "production", "/set-default");
        assertThat(everywhere(vault, "", "staging")).containsOnly("SECRET_NOT_FOUND");
        assertThat(everywhere(vault, "", "production")).containsOnly("200");
    }

    @RepeatedTest(3)
    void anotherNameIsSeenByTheNextReadWhoeverFoundOut() {
        Vault vault = new Vault();
        change("PATCH", vault.path() + "/environments/staging", "qa");
        // The change is found out by id first.
        assertThat(read(second, vault.path(), vault.ids.get("staging"), "staging"))
                .isEqualTo("200");
        assertThat(everywhere(vault, "staging", "staging")).containsOnly("ENVIRONMENT_NOT_FOUND");
        assertThat(everywhere(vault, "qa", "staging")).containsOnly("200");
        change("PATCH", vault.path() + "/environments/development", "staging");
        assertThat(everywhere(vault, "staging", "staging")).containsOnly("SECRET_NOT_FOUND");
        assertThat(everywhere(vault, "staging", "development")).containsOnly("200");
    }

    @Test
    void aDeletedEnvironmentIsGoneForTheNextReadAndBackForTheNextAfterItsReturn() {
        Vault vault = new Vault();
        String id = vault.ids.get("staging");
        for (int i = 0; i < 3; i++) {
            vault.at("DELETE", "staging", "");
            assertThat(everywhere(vault, "staging", "staging")).containsOnly("ENVIRONMENT_NOT_FOUND");
            assertThat(everywhere(vault, id, "staging")).containsOnly("ENVIRONMENT_NOT_FOUND");
            vault.at("POST", id, "/undelete");
            assertThat(everywhere(vault, "staging", "staging")).containsOnly("200");
            assertThat(everywhere(vault, id, "staging")).containsOnly("200");
        }
    }

    @Test
    void aRenamedProjectIsFoundByItsNewNameOnly() {
        Vault vault = new Vault();
        change("PATCH", "/projects/" + vault.id, vault.name + "x");
        // The change is found out by the project's id first.
        assertThat(read(second, vault.path(), "staging", "staging")).isEqualTo("200");
        for (TestServer node : List.of(second, first)) {
            assertThat(read(node, "/projects/" + vault.name, "staging", "staging"))
                    .isEqualTo("PROJECT_NOT_FOUND");
            assertThat(read(node, "/projects/" + vault.name + "x", "staging", "staging"))
                    .isEqualTo("200");
        }
        Vault heir = new Vault();
        change("PATCH", "/projects/" + heir.id, vault.name);
        for (TestServer node : List.of(second, first)) {
            assertThat(read(node, "/vaults/" + vault.name, "staging", "staging"))
                    .isEqualTo("200");
            assertThat(read(node, "/vaults/" + vault.name, vault.ids.get("staging"), "staging"))
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");
        }
    }

    @Test
    void aDeletedProjectIsGoneForTheNextReadAndBackForTheNextAfterItsReturn() {
        Vault vault = new Vault();
        for (int i = 0; i < 3; i++) {
            change("DELETE", vault.path(), null);
            assertThat(everywhere(vault, "staging", "staging")).containsOnly("PROJECT_NOT_FOUND");
            assertThat(everywhere(vault, "", "production")).containsOnly("PROJECT_NOT_FOUND");
            change("POST", vault.path() + "/undelete", null);
            assertThat(everywhere(vault, "staging", "staging")).containsOnly("200");
            assertThat(everywhere(vault, "", "production")).containsOnly("200");
        }
    }

    @Test
    void sixtyFourWhoWantAnotherDefaultLeaveExactlyOne() {
        Vault vault = new Vault();
        List<String> names = List.of("development", "staging", "production");
        List<CompletableFuture<Api.Answer>> racing = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            Supplier<Api> node = i % 2 == 0 ? first::api : second::api;
            String path = vault.path() + "/environments/" + names.get(i % 3) + "/set-default";
            racing.add(node.get().sendLater("POST", path, null));
        }
        List<Integer> statuses =
                racing.stream().map(racer -> racer.join().status()).toList();
        assertThat(statuses).hasSize(RACERS).containsOnly(200);
        assertThat(first.database()
                        .count("select count(*) from environment where project_id = ?::uuid and is_default", vault.id))
                .isEqualTo(1);
        String winner = (String) first.database()
                .query("select name from environment where project_id = ?::uuid and is_default", vault.id)
                .get(0)
                .get("name");
        assertThat(everywhere(vault, "", winner)).containsOnly("200");
    }

    @Test
    void writesByDefaultDuringTheRaceLandWhereTheirRecordSays() {
        Vault vault = new Vault();
        List<CompletableFuture<Api.Answer>> moves = new ArrayList<>();
        List<CompletableFuture<Api.Answer>> writes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String to = i % 2 == 0 ? "staging" : "production";
            moves.add(first.api().sendLater("POST", vault.path() + "/environments/" + to + "/set-default", null));
            String body =
                    new JsonObject().put("name", "W" + i).put("value", "w" + i).encode();
            writes.add(second.api().sendLater("POST", vault.path() + "/secrets", body));
        }
        moves.forEach(move -> assertThat(move.join().status()).isEqualTo(200));
        writes.forEach(write ->
                assertThat(write.join().status()).as(write.join().text()).isEqualTo(201));
        // Every head carries a version that its environment has had, no two of them the same one.
        assertThat(first.database()
                        .count(
                                "select count(*) from (select 1 from secret_value v join environment e using (environment_id)"
                                        + " where e.project_id = ?::uuid group by environment_id, changed_version"
                                        + " having count(*) > 1) as twice",
                                vault.id))
                .isZero();
        for (int i = 0; i < writes.size(); i++) {
            String secret = "W" + i;
            long readable = List.of("staging", "production").stream()
                    .filter(environment -> second.api()
                                    .get(vault.path() + "/secrets/by-name/" + secret + "/value?environment="
                                            + environment)
                                    .status()
                            == 200)
                    .count();
            assertThat(readable).as(secret).isEqualTo(1);
        }
    }
}
