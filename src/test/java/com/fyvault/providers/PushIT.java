package com.fyvault.providers;

import static com.fyvault.providers.TestProvider.item;
import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code POST /orgs/{org}/providers/{token}/push}. */
class PushIT extends ServerTest {
    private String read(String name, String environment) {
        Api.Answer answer = owner.get("/secrets/by-name/" + name + "/value?environment=" + environment);
        return answer.status() == 200 ? answer.data().getString("value") : answer.code();
    }

    private JsonObject secret(String name) {
        return owner.get("/secrets/by-name/" + name).data();
    }

    @Test
    void aPushMakesASecretAndTheNextOneAVersion() {
        TestProvider provider = TestProvider.register(owner, "maker");
        JsonObject first = created(provider.push(item("Made-Key", "one", "staging")));
        assertThat(first.getString("secret_name")).isEqualTo("Made-Key");
        assertThat(first.getString("environment")).isEqualTo("staging");
        assertThat(first.getValue("version")).isEqualTo(1);
        assertThat(first.getBoolean("created")).isTrue();
        assertThat(first.getString("environmentId"))
                .isEqualTo(server.environmentId("staging").toString());
        JsonObject spelt = new JsonObject()
                .put("secretName", "MADE-KEY")
                .put("value", "two")
                .put("environment", "STAGING")
                .put("project", server.projectId().toString());
        Api.Answer second = provider.push(spelt);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.data().getValue("version")).isEqualTo(2);
        assertThat(second.data().getBoolean("created")).isFalse();
        assertThat(read("made-key", "staging")).isEqualTo("two");
        assertThat(read("made-key", "production")).isEqualTo("SECRET_NOT_FOUND");
        String id = first.getString("secretId");
        assertThat(secret("made-key").getString("providerId")).isEqualTo(provider.id());
        assertThat(owner.get("/secrets/" + id + "/versions?environment=staging").list())
                .hasSize(2);
        JsonObject back = new JsonObject().put("version", 1);
        assertThat(owner.post("/secrets/" + id + "/rollback?environment=staging", back)
                        .status())
                .isEqualTo(200);
        assertThat(read("made-key", "staging")).isEqualTo("one");
        assertThat(owner.get("/audit?action=provider.push&secret=" + id).list()).hasSize(2);
    }

    @Test
    void anotherNodeReadsItAtOnce() {
        TestProvider provider = TestProvider.register(owner, "nodes");
        try (TestServer second = server.secondNode()) {
            for (int i = 0; i < 20; i++) {
                provider.push("NODES", "value " + i);
                assertThat(second.api().value("NODES")).isEqualTo("value " + i);
            }
        }
    }

    @Test
    void whatIsNotItsOwnIsNotTouched() {
        TestProvider provider = TestProvider.register(owner, "stranger");
        TestProvider other = TestProvider.register(owner, "other");
        server.createSecret("THE_CUSTOMERS", "theirs");
        other.push("THE_OTHERS", "others");
        for (String name : List.of("the_customers", "THE_OTHERS")) {
            for (String environment : List.of("production", "staging")) {
                Api.Answer refused = provider.push(item(name, "mine", environment));
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.code()).isEqualTo("SECRET_OWNED_ELSEWHERE");
            }
        }
        assertThat(owner.value("THE_CUSTOMERS")).isEqualTo("theirs");
        assertThat(owner.value("THE_OTHERS")).isEqualTo("others");
        assertThat(read("THE_CUSTOMERS", "staging")).isEqualTo("SECRET_NOT_FOUND");
    }

    @Test
    void theCustomerHandsASecretOverAndTakesItBack() {
        TestProvider provider = TestProvider.register(owner, "heir");
        String id = server.createSecret("HANDED", "theirs");
        JsonObject hand = new JsonObject().put("providerId", provider.id());
        Api writer = withKey(new JsonObject().put("scopes", texts("SECRETS_WRITE", "SECRETS_READ")));
        assertThat(writer.patch("/secrets/" + id, hand).code()).isEqualTo("SCOPE_MISSING");
        Api nobodys = server.api();
        assertThat(nobodys.patch("/secrets/" + id, new JsonObject().put("providerId", id))
                        .code())
                .isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(provider.push(item("HANDED", "mine", "production")).status()).isEqualTo(409);
        Api.Answer handed = owner.patch("/secrets/" + id, hand);
        assertThat(handed.data().getString("providerId")).isEqualTo(provider.id());
        provider.push("HANDED", "mine");
        assertThat(owner.value("HANDED")).isEqualTo("mine");
        Api.Answer back = owner.send("PATCH", "/secrets/" + id, "{\"providerId\":null}");
        assertThat(back.data().containsKey("providerId")).isFalse();
        assertThat(provider.push(item("HANDED", "again", "production")).code()).isEqualTo("SECRET_OWNED_ELSEWHERE");
        assertThat(owner.value("HANDED")).isEqualTo("mine");
        assertThat(owner.patch("/secrets/" + id, new JsonObject().put("value", "x"))
                        .data()
                        .containsKey("providerId"))
                .isFalse();
        assertThat(owner.delete(provider.path()).status()).isEqualTo(200);
        assertThat(owner.patch("/secrets/" + id, hand).code()).isEqualTo("CREDENTIAL_NOT_FOUND");
    }

    @Test
    void anOldProviderVersionChangesNothing() {
        TestProvider provider = TestProvider.register(owner, "numbers");
        JsonObject item = item("NUMBERED", "seven", "production");
        assertThat(provider.push(item.copy().put("provider_version", 7)).status())
                .isEqualTo(201);
        for (int old : List.of(7, 6, 0)) {
            Api.Answer stale = provider.push(item.copy().put("value", "old").put("provider_version", old));
            assertThat(stale.status()).isEqualTo(409);
            assertThat(stale.code()).isEqualTo("STALE_PROVIDER_VERSION");
        }
        assertThat(owner.value("NUMBERED")).isEqualTo("seven");
        provider.push("NUMBERED", "unnumbered");
        assertThat(provider.push(item.copy().put("provider_version", 7)).code()).isEqualTo("STALE_PROVIDER_VERSION");
        JsonObject other = item.copy().put("environment", "staging").put("provider_version", 1);
        assertThat(provider.push(other).status()).isEqualTo(201);
        assertThat(provider.push(item.copy().put("providerVersion", 8)).status())
                .isEqualTo(200);
        assertThat(owner.value("NUMBERED")).isEqualTo("seven");
    }

    @Test
    void ofManyAtOnceEveryVersionStandsAndTheHighestNumberWins() {
        TestProvider provider = TestProvider.register(owner, "racers");
        List<Api.Answer> answers = IntStream.rangeClosed(1, 24)
                .mapToObj(i -> provider.api()
                        .sendLater(
                                "POST",
                                provider.path() + "/push",
                                item("RACED", "value " + i, i % 2 == 0 ? "production" : "staging")
                                        .put("provider_version", i)
                                        .encode()))
                .toList()
                .stream()
                .map(later -> later.join())
                .toList();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 201, 409));
        assertThat(read("RACED", "production")).isEqualTo("value 24");
        assertThat(read("RACED", "staging")).isEqualTo("value 23");
        long taken = answers.stream().filter(answer -> answer.status() < 300).count();
        String id = secret("RACED").getString("id");
        int versions = owner.get("/secrets/" + id + "/versions").list().size()
                + owner.get("/secrets/" + id + "/versions?environment=staging")
                        .list()
                        .size();
        assertThat(versions).isEqualTo((int) taken);
    }

    @Test
    void aRepeatedPushIsAnsweredOnceMoreAndDoneOnce() {
        TestProvider provider = TestProvider.register(owner, "repeats");
        JsonObject item = item("REPEATED", "once", "production");
        Api.Answer first = provider.push(item, "Idempotency-Key", "push-1");
        Api.Answer second = provider.push(item, "Idempotency-Key", "push-1");
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.data()).isEqualTo(first.data());
        assertThat(provider.push(item.copy().put("value", "x"), "Idempotency-Key", "push-1")
                        .status())
                .isEqualTo(422);
        assertThat(secret("REPEATED").getValue("version")).isEqualTo(1);
    }

    @Test
    void prefixEnvironmentsAddressesAndLimitsHold() {
        JsonObject confined = new JsonObject()
                .put("allowedSecretPrefix", "MAIL_")
                .put("allowedEnvironments", texts("staging"))
                .put("rateLimitRpm", 6);
        TestProvider provider = TestProvider.register(owner, "confined", confined);
        assertThat(provider.push(item("OTHER", "x", "staging")).code()).isEqualTo("SECRET_NOT_ALLOWED");
        assertThat(provider.push(item("MAIL_A", "x", "production")).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
        assertThat(provider.push(item("MAIL_A", "x", "nowhere")).code()).isEqualTo("ENVIRONMENT_NOT_FOUND");
        assertThat(provider.push(item("mail_a", "x", "staging")).status()).isEqualTo(201);
        assertThat(provider.api()
                        .get("/secrets/by-name/MAIL_A/value?environment=staging")
                        .code())
                .isEqualTo("KIND_NOT_ALLOWED");
        assertThat(provider.push(item("MAIL_A", "x", "staging")).status()).isEqualTo(200);
        assertThat(provider.push(item("MAIL_A", "y", "staging")).code()).isEqualTo("RATE_LIMITED");
        assertThat(read("MAIL_A", "staging")).isEqualTo("x");
        TestProvider far =
                TestProvider.register(owner, "far", new JsonObject().put("ipAllowlist", texts("10.0.0.0/8")));
        assertThat(far.push(item("FAR", "x", "staging")).code()).isEqualTo("ADDRESS_NOT_ALLOWED");
    }

    @Test
    void aProviderOfOneProjectPushesThere() {
        String side = created(owner.post("/projects", named("side"))).getString("id");
        Api maker = withKey(new JsonObject()
                .put("projects", texts("side"))
                .put("scopes", texts("SECRETS_WRITE", "PROVIDERS_WRITE")));
        TestProvider provider = TestProvider.register(maker, "sidling");
        JsonObject pushed = provider.pushTo("staging", "SIDE_KEY", "x");
        assertThat(pushed.getString("projectId")).isEqualTo(side);
        JsonObject away = item("SIDE_KEY", "x", "staging")
                .put("project", server.projectId().toString());
        assertThat(provider.push(away).code()).isEqualTo("PROJECT_NOT_FOUND");
        assertThat(provider.push(item("SIDE_KEY", "x", "staging").put("project", "nowhere"))
                        .code())
                .isEqualTo("PROJECT_NOT_FOUND");
    }

    @Test
    void everythingElseThatIsWrong() {
        TestProvider provider = TestProvider.register(owner, "wrong");
        TestProvider other = TestProvider.register(owner, "wrong too");
        JsonObject good = item("WRONG", "x", "staging");
        assertThat(provider.api().post(other.path() + "/push", good).code()).isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(provider.api().post("/providers/nobody/push", good).code()).isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(owner.post(provider.path() + "/push", good).code()).isEqualTo("KIND_NOT_ALLOWED");
        for (String field : List.of("secret_name", "value", "environment")) {
            JsonObject without = good.copy();
            var _ = without.remove(field);
            assertThat(provider.push(without).code()).as(field).isEqualTo("INVALID_FIELD");
        }
        assertThat(provider.push(good.copy().put("gracePeriodSeconds", 5)).code())
                .isEqualTo("INVALID_FIELD");
        assertThat(provider.push(good.copy().put("provider_version", -1)).code())
                .isEqualTo("INVALID_FIELD");
        assertThat(provider.push(good.copy().put("value", 5)).code()).isEqualTo("INVALID_FIELD");
        assertThat(provider.push(good.copy().put("secret_name", "a/b")).code()).isEqualTo("INVALID_NAME");
        JsonObject most = good.copy().put("secret_name", "BIG").put("value", "x".repeat(1024 * 1024));
        assertThat(provider.push(most).status()).isEqualTo(201);
        assertThat(provider.push(most.copy().put("value", "x".repeat(1024 * 1024 + 1)))
                        .code())
                .isEqualTo("VALUE_TOO_LARGE");
        JsonObject clients = named("CLIENTS").put("clientEncryptedValue", "opaque");
        String id = created(owner.post("/secrets", clients)).getString("id");
        assertThat(owner.patch("/secrets/" + id, new JsonObject().put("providerId", provider.id()))
                        .status())
                .isEqualTo(200);
        assertThat(provider.push(item("CLIENTS", "x", "production")).code()).isEqualTo("CLIENT_ENCRYPTED");
        assertThat(read("WRONG", "staging")).isEqualTo("SECRET_NOT_FOUND");
    }
}
