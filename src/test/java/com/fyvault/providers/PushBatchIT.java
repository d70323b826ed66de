package com.fyvault.providers;

import static com.fyvault.providers.TestProvider.item;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code POST /orgs/{org}/providers/{token}/push/batch}. */
class PushBatchIT extends ServerTest {
    private static JsonObject batch(List<JsonObject> items) {
        return new JsonObject().put("items", new JsonArray(items));
    }

    private static Api.Answer push(TestProvider provider, List<JsonObject> items) {
        return provider.api().post(provider.path() + "/push/batch", batch(items));
    }

    private static List<String> outcomes(Api.Answer answer) {
        return answer.data().getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .map(one -> one.getInteger("status") + " " + one.getString("code", one.getString("secret_name")))
                .toList();
    }

    @Test
    void eachHasAResultOfItsOwn() {
        JsonObject confined = new JsonObject()
                .put("allowedSecretPrefix", "B_")
                .put("allowedEnvironments", texts("staging", "production"));
        TestProvider provider = TestProvider.register(owner, "mixed", confined);
        server.createSecret("B_OWN", "theirs");
        assertThat(provider.push(item("B_OLD", "x", "staging").put("provider_version", 9))
                        .status())
                .isEqualTo(201);
        Api.Answer answer = push(
                provider,
                List.of(
                        item("B_Z", "z", "staging"),
                        item("B_OWN", "mine", "production"),
                        item("OTHER", "x", "staging"),
                        item("B_A", "a", "development"),
                        item("B_A", "a", "nowhere"),
                        item("B_OLD", "old", "staging").put("provider_version", 9),
                        item("B_A", "a", "production"),
                        item("B_A", "a2", "production"),
                        item("B_A", "a", "staging"),
                        new JsonObject().put("secret_name", "B_NONE"),
                        item("B a", "x", "staging"),
                        item("B_BIG", "x".repeat(1024 * 1024 + 1), "staging")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(outcomes(answer))
                .containsExactly(
                        "201 B_Z",
                        "409 SECRET_OWNED_ELSEWHERE",
                        "403 SECRET_NOT_ALLOWED",
                        "403 ENVIRONMENT_NOT_ALLOWED",
                        "404 ENVIRONMENT_NOT_FOUND",
                        "409 STALE_PROVIDER_VERSION",
                        "201 B_A",
                        "200 B_A",
                        "201 B_A",
                        "400 INVALID_FIELD",
                        "400 INVALID_NAME",
                        "413 VALUE_TOO_LARGE");
        assertThat(answer.data().getValue("accepted")).isEqualTo(4);
        assertThat(answer.data().getValue("refused")).isEqualTo(8);
        isDoneAndRecorded(answer);
    }

    private void isDoneAndRecorded(Api.Answer answer) {
        assertThat(owner.value("B_A")).isEqualTo("a2");
        assertThat(owner.value("B_OWN")).isEqualTo("theirs");
        List<String> recorded = owner.get("/audit?request=" + answer.requestId()).list().stream()
                .map(JsonObject.class::cast)
                .filter(event -> event.getString("action").equals("provider.push"))
                .map(event -> event.getString("secret_name") + " " + event.getString("environment") + " "
                        + event.getLong("version"))
                .toList();
        assertThat(recorded)
                .containsExactlyInAnyOrder("B_Z staging 1", "B_A production 1", "B_A production 2", "B_A staging 1");
    }

    @Test
    void aHundredAreTakenAndOneMoreIsNot() {
        TestProvider provider = TestProvider.register(owner, "hundred");
        List<JsonObject> items = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> item("HUNDRED_" + i, "value " + i, i % 2 == 0 ? "staging" : "production"))
                .toList();
        assertThat(push(provider, items).code()).isEqualTo("INVALID_FIELD");
        assertThat(push(provider, List.of()).code()).isEqualTo("INVALID_FIELD");
        Api.Answer answer = push(provider, items.subList(0, 100));
        assertThat(answer.data().getValue("accepted")).isEqualTo(100);
        try (TestServer second = server.secondNode()) {
            for (int i = 1; i < 100; i += 2) {
                assertThat(second.api().value("HUNDRED_" + i)).isEqualTo("value " + i);
            }
        }
        Api.Answer wrong =
                provider.api().post(provider.path() + "/push/batch", new JsonObject().put("items", texts("a")));
        assertThat(wrong.code()).isEqualTo("INVALID_FIELD");
        assertThat(provider.api()
                        .post(provider.path() + "/push/batch", new JsonObject().put("items", "a"))
                        .code())
                .isEqualTo("INVALID_FIELD");
    }

    @Test
    void aRepeatedBatchIsDoneOnce() {
        TestProvider provider = TestProvider.register(owner, "again");
        JsonObject body = batch(List.of(item("AGAIN", "x", "production")));
        Api.Answer first = provider.api().post(provider.path() + "/push/batch", body, "Idempotency-Key", "b");
        Api.Answer second = provider.api().post(provider.path() + "/push/batch", body, "Idempotency-Key", "b");
        assertThat(second.data()).isEqualTo(first.data());
        assertThat(owner.get("/secrets/by-name/AGAIN").data().getValue("version"))
                .isEqualTo(1);
    }

    /** Two that name the same secrets and environments in opposite orders. */
    @Test
    void batchesThatMeetWaitForOneAnother() {
        TestProvider provider = TestProvider.register(owner, "meeting");
        for (int round = 0; round < 10; round++) {
            int now = round;
            List<JsonObject> there = IntStream.range(0, 20)
                    .mapToObj(i -> item("MEET_" + now + "_" + i, "x", i % 2 == 0 ? "staging" : "production"))
                    .toList();
            List<CompletableFuture<Api.Answer>> both = List.of(there, there.reversed()).stream()
                    .map(items -> provider.api()
                            .sendLater(
                                    "POST",
                                    provider.path() + "/push/batch",
                                    batch(items).encode()))
                    .toList();
            Map<Integer, Long> statuses = both.stream()
                    .map(CompletableFuture::join)
                    .collect(Collectors.groupingBy(Api.Answer::status, Collectors.counting()));
            assertThat(statuses).containsOnlyKeys(200);
        }
    }
}
