package com.fyvault.providers;

import static com.fyvault.providers.TestProvider.item;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code POST /orgs/{org}/providers/{token}/roll}. */
class RollProviderIT extends ServerTest {
    private Api.Answer roll(TestProvider provider, JsonObject body) {
        return owner.post(provider.path() + "/roll", body);
    }

    private static int pushed(TestProvider provider, String name) {
        return provider.push(item(name, "x", "production")).status();
    }

    @Test
    void bothTokensAreTheSameProviderUntilTheOverlapEnds() {
        TestProvider old = TestProvider.register(owner, "overlap", new JsonObject().put("allowedSecretPrefix", "ROLL"));
        old.push("ROLL_A", "one");
        Api.Answer rolled = roll(old, new JsonObject().put("overlapSeconds", 3_600));
        assertThat(rolled.status()).as(rolled.text()).isEqualTo(200);
        assertThat(rolled.data().getString("token")).startsWith("fvprov_");
        assertThat(rolled.data().getJsonObject("provider").getString("providerId"))
                .isEqualTo(old.id());
        assertThat(rolled.data().getJsonObject("previousToken").getString("expiresAt"))
                .isNotEmpty();
        TestProvider fresh = old.as(rolled.data().getString("token"));
        try (TestServer second = server.secondNode()) {
            for (String node : List.of(server.url(), second.url())) {
                assertThat(pushed(new TestProvider(old.api().at(node), old.id()), "ROLL_A"))
                        .isEqualTo(200);
                assertThat(pushed(new TestProvider(fresh.api().at(node), old.id()), "ROLL_A"))
                        .isEqualTo(200);
            }
        }
        old.push("ROLL_B", "by the old one");
        assertThat(fresh.rotate(new JsonObject().put("secret_name", "ROLL_B").put("value", "by the new one"))
                        .status())
                .isEqualTo(200);
        assertThat(old.push(item("OTHER", "x", "production")).code()).isEqualTo("SECRET_NOT_ALLOWED");
        assertThat(owner.get("/providers").list().stream()
                        .map(one -> ((JsonObject) one).getString("name"))
                        .filter("overlap"::equals))
                .hasSize(1);
        var _ = owner.patch(old.path(), new JsonObject().put("allowedSecretPrefix", "ROLL_B"));
        assertThat(old.push(item("ROLL_A", "x", "production")).code()).isEqualTo("SECRET_NOT_ALLOWED");
        assertThat(owner.get("/audit?action=provider.roll").text()).contains(old.id());
        assertThat(owner.delete(old.path()).status()).isEqualTo(200);
        assertThat(pushed(old, "ROLL_B")).isEqualTo(401);
        assertThat(pushed(fresh, "ROLL_B")).isEqualTo(401);
    }

    @Test
    void whatTheOldOneSentIsAnsweredAsBeforeAfterTheRoll() {
        TestProvider old = TestProvider.register(owner, "repeats");
        JsonObject sent = item("REPEATS", "one", "production");
        String[] once = {"Idempotency-Key", "repeats-1"};
        Api.Answer first = old.push(sent, once);
        assertThat(first.status()).isEqualTo(201);
        TestProvider fresh = old.as(
                roll(old, new JsonObject().put("overlapSeconds", 3_600)).data().getString("token"));
        for (TestProvider now : List.of(old, fresh)) {
            Api.Answer again = now.push(sent, once);
            assertThat(again.status()).isEqualTo(201);
            assertThat(again.data().getValue("version")).isEqualTo(1);
        }
        assertThat(fresh.push(sent, "Idempotency-Key", "repeats-2").data().getValue("version"))
                .isEqualTo(2);
        assertThat(old.push(sent, "Idempotency-Key", "repeats-2").data().getValue("version"))
                .isEqualTo(2);
        TestProvider other = TestProvider.register(owner, "repeats too");
        assertThat(other.push(item("REPEATS_TOO", "one", "production"), once).status())
                .isEqualTo(201);
    }

    @Test
    void theOldOneEndsByTheClock() {
        TestProvider old = TestProvider.register(owner, "brief");
        TestProvider fresh = old.as(
                roll(old, new JsonObject().put("overlapSeconds", 2)).data().getString("token"));
        assertThat(pushed(old, "BRIEF")).isEqualTo(201);
        long end = System.nanoTime() + 20_000_000_000L;
        while (pushed(old, "BRIEF") != 401 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(old.push(item("BRIEF", "x", "production")).code()).isEqualTo("TOKEN_EXPIRED");
        assertThat(pushed(fresh, "BRIEF")).isEqualTo(200);
    }

    @Test
    void withoutOverlapAndAfterASecondRollTheOldOnesAreOver() {
        TestProvider first = TestProvider.register(owner, "twice");
        TestProvider second = first.as(roll(first, new JsonObject()).data().getString("token"));
        TestProvider third = first.as(roll(second, new JsonObject()).data().getString("token"));
        assertThat(pushed(first, "TWICE")).isEqualTo(401);
        assertThat(pushed(second, "TWICE")).isEqualTo(201);
        assertThat(pushed(third, "TWICE")).isEqualTo(200);
        Api.Answer last = roll(third, new JsonObject().put("overlapSeconds", 0));
        assertThat(last.data().containsKey("previousToken")).isFalse();
        TestProvider fourth = first.as(last.data().getString("token"));
        assertThat(List.of(pushed(first, "TWICE"), pushed(second, "TWICE"), pushed(third, "TWICE")))
                .containsOnly(401);
        assertThat(pushed(fourth, "TWICE")).isEqualTo(200);
    }

    @Test
    void theTwoSpendOneBudget() {
        TestProvider old = TestProvider.register(owner, "budget", new JsonObject().put("rateLimitRpm", 4));
        TestProvider fresh = old.as(roll(old, new JsonObject()).data().getString("token"));
        assertThat(pushed(old, "BUDGET")).isEqualTo(201);
        assertThat(pushed(fresh, "BUDGET")).isEqualTo(200);
        assertThat(pushed(old, "BUDGET")).isEqualTo(200);
        assertThat(pushed(fresh, "BUDGET")).isEqualTo(200);
        assertThat(pushed(old, "BUDGET")).isEqualTo(429);
        assertThat(pushed(fresh, "BUDGET")).isEqualTo(429);
    }

    @Test
    void aRepeatedRollShowsNoTokenAgain() {
        TestProvider old = TestProvider.register(owner, "repeated");
        String path = old.path() + "/roll";
        Api.Answer first = owner.post(path, new JsonObject(), "Idempotency-Key", "roll-1");
        Api.Answer again = owner.post(path, new JsonObject(), "Idempotency-Key", "roll-1");
        assertThat(again.data().containsKey("token")).isFalse();
        assertThat(pushed(old.as(first.data().getString("token")), "REPEATED")).isEqualTo(201);
    }

    @Test
    void whatIsRefused() {
        TestProvider old = TestProvider.register(owner, "refused");
        for (Object wrong : List.of(-1, 604_801, "1")) {
            assertThat(roll(old, new JsonObject().put("overlapSeconds", wrong)).code())
                    .isEqualTo("INVALID_FIELD");
        }
        assertThat(roll(old, new JsonObject().put("name", "x")).code()).isEqualTo("INVALID_FIELD");
        assertThat(old.api().post(old.path() + "/roll", new JsonObject()).code())
                .isEqualTo("KIND_NOT_ALLOWED");
        Api weak = withKey(new JsonObject()
                .put("scopes", texts("PROVIDERS_WRITE", "SECRETS_WRITE"))
                .put("expiresInDays", 1));
        assertThat(weak.post(old.path() + "/roll", new JsonObject()).code()).isEqualTo("EXCEEDS_PARENT");
        Api poor = withKey(new JsonObject().put("scopes", texts("PROVIDERS_WRITE")));
        assertThat(poor.post(old.path() + "/roll", new JsonObject()).code()).isEqualTo("EXCEEDS_PARENT");
        String former = roll(old, new JsonObject())
                .data()
                .getJsonObject("previousToken")
                .getString("id");
        assertThat(owner.post("/providers/" + former + "/roll", new JsonObject())
                        .code())
                .isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(pushed(old, "STILL_GOOD")).isEqualTo(201);
    }
}
