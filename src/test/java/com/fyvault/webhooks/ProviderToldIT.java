package com.fyvault.webhooks;

import static com.fyvault.webhooks.WebhookChecks.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.WebhookServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a provider is told at its webhook, and what it is not: to real web servers on loopback. */
class ProviderToldIT extends ServerTest {
    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "webhooks.loopback", "true",
                "webhooks.timeout.millis", "2000",
                "webhooks.interval.millis", "200",
                "purge.interval.seconds", "1");
    }

    private Listening listening(String name, WebhookServer hook) {
        return Listening.at(owner, name, hook, new JsonObject());
    }

    private String id(String secret) {
        return owner.get("/secrets/by-name/" + secret).data().getString("id");
    }

    private void ok(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
    }

    private void report(String text, String url) {
        JsonObject body = new JsonObject().put("token", text).put("url", url).put("source", "paste");
        ok(server.api(null).send("POST", "//api/v1/leaks/report", body.encode()));
    }

    @Test
    void whatTheCustomerDoesIsToldAndWhatItDoesItselfIsNot() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            Listening told = listening("Mail", hook);
            told.provider().push("TOLD_KEY", "canary-1");
            ok(told.provider().rotate(TestProvider.item("TOLD_KEY", "canary-2", "production")));
            String secret = "/secrets/" + id("TOLD_KEY");
            ok(owner.patch(secret, new JsonObject().put("value", "canary-3")));
            JsonObject updated = told.next("secret.updated");
            assertThat(updated.getString("secret")).isEqualTo("TOLD_KEY");
            assertThat(updated.getString("environment")).isEqualTo("production");
            assertThat(updated.getInteger("version")).isEqualTo(3);
            ok(owner.post(secret + "/rotate", new JsonObject().put("value", "canary-4")));
            assertThat(told.next("secret.rotated").getInteger("version")).isEqualTo(4);
            ok(owner.post(secret + "/rollback", new JsonObject().put("version", 1)));
            assertThat(told.next("secret.rolled_back").getInteger("version")).isEqualTo(5);
            ok(owner.delete(secret));
            assertThat(told.next("secret.deleted").getString("secret")).isEqualTo("TOLD_KEY");
            ok(owner.post(secret + "/undelete", new JsonObject()));
            assertThat(told.next("secret.restored").containsKey("environment")).isFalse();
            ok(told.provider().api().delete(told.provider().path() + "?secret_name=TOLD_KEY"));
            ok(owner.post(told.provider().path() + "/roll", new JsonObject()));
            JsonObject rolled = told.next("provider.rolled");
            assertThat(rolled.getString("tokenId")).isEqualTo(told.provider().id());
            assertThat(rolled.encode()).doesNotContain("fvprov_");
            ok(owner.delete(told.provider().path()));
            JsonObject last = told.next("provider.revoked");
            assertThat(last.getString("whatToDo")).contains("last message");
            ok(owner.patch(secret, new JsonObject().put("value", "canary-5")));
            ok(owner.delete(secret));
            report("canary-5", "https://paste.example/after");
            assertThat(hook.next(3)).as("then nothing").isNull();
        }
    }

    /** What the customer and another provider do, and one that tries to find out; what it may not hear of. */
    private List<String> others(Listening hostile, Listening victim) {
        assertThat(hostile.provider()
                        .push(TestProvider.item("VICTIM_OWN", "canary-x", "production"))
                        .code())
                .isEqualTo("SECRET_OWNED_ELSEWHERE");
        ok(owner.patch("/secrets/" + id("VICTIM_OWN"), new JsonObject().put("value", "canary-w")));
        ok(owner.patch("/secrets/" + id("CUSTOMER_OWN"), new JsonObject().put("value", "canary-customers-second")));
        report("canary-customers-second", "https://paste.example/theirs");
        ok(owner.patch(victim.provider().path(), new JsonObject().put("description", "x")));
        ok(owner.post(victim.provider().path() + "/roll", new JsonObject()));
        ok(owner.post("/projects", new JsonObject().put("name", "secret-plans")));
        return List.of(
                victim.provider().id(),
                id("VICTIM_OWN"),
                id("CUSTOMER_OWN"),
                "VICTIM_OWN",
                "CUSTOMER_OWN",
                "secret-plans",
                "owner@example.com",
                "actorTokenId",
                "requestId");
    }

    /** All that it is told, up to the change of its own secret. */
    private static List<JsonObject> heard(Listening hostile) throws InterruptedException {
        List<JsonObject> heard = new ArrayList<>();
        do {
            heard.add(hostile.next());
        } while (!heard.getLast().getString("type").equals("secret.updated"));
        return heard;
    }

    @Test
    void itLearnsNothingOfAnybodyElse() throws InterruptedException {
        try (WebhookServer mine = WebhookServer.start();
                WebhookServer other = WebhookServer.start()) {
            Listening hostile = listening("Hostile", mine);
            Listening victim = listening("Victim", other);
            hostile.provider().push("HOSTILE_OWN", "canary-h");
            victim.provider().push("VICTIM_OWN", "canary-v");
            server.createSecret("CUSTOMER_OWN", "canary-customers-own-value");
            List<String> others = others(hostile, victim);
            // Handed to it and on: it hears that much, and not to whom or from whom.
            String given = "/secrets/" + server.createSecret("GIVEN_ON", "canary-g");
            ok(owner.patch(
                    given, new JsonObject().put("providerId", hostile.provider().id())));
            ok(owner.patch(
                    given, new JsonObject().put("providerId", victim.provider().id())));
            ok(owner.patch(given, new JsonObject().put("value", "canary-g2")));
            ok(owner.patch("/secrets/" + id("HOSTILE_OWN"), new JsonObject().put("value", "canary-end")));
            List<JsonObject> heard = heard(hostile);
            assertThat(heard.stream()
                            .map(one -> one.getString("type") + " " + one.getString("secret") + " "
                                    + one.getValue("yours")))
                    .containsExactly(
                            "secret.handed_over GIVEN_ON true",
                            "secret.handed_over GIVEN_ON false",
                            "secret.updated HOSTILE_OWN null");
            others.forEach(name -> assertThat(heard.toString()).doesNotContain(name));
            assertThat(mine.next(2)).isNull();
            assertThat(victim.next("secret.updated").getString("secret")).isEqualTo("VICTIM_OWN");
            assertThat(victim.next("provider.rolled").getString("tokenId"))
                    .isEqualTo(victim.provider().id());
            assertThat(victim.next("secret.handed_over").getBoolean("yours")).isTrue();
            assertThat(victim.next("secret.updated").getString("secret")).isEqualTo("GIVEN_ON");
            Figures.print(new Figures.Line(
                    "issue 5",
                    "messages to a hostile provider with a word of others",
                    others.size(),
                    heard.size(),
                    0,
                    ""));
        }
    }

    @Test
    void aLeakIsToldWithWhereAndWhatToDoAndItsOwnTokenIsTheLastThing() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            JsonObject more = new JsonObject().put("allowedEnvironments", Bodies.texts("production"));
            JsonObject made = Answers.created(owner.post(
                    "/providers",
                    Bodies.named("Leaky").put("webhookUrl", hook.url()).mergeIn(more)));
            String token = made.getString("token");
            String id = made.getJsonObject("provider").getString("providerId");
            Listening told =
                    new Listening(new TestProvider(owner.as(token), id), made.getString("webhookSecret"), hook);
            String value = "sk_canary_" + UUID.randomUUID();
            told.provider().push("LEAKED_KEY", value);
            String secret = "/secrets/" + id("LEAKED_KEY");
            ok(owner.patch(secret + "?environment=staging", new JsonObject().put("value", "canary-of-elsewhere")));
            report(value, "https://paste.example/found");
            JsonObject leak = told.next("leak.found");
            assertThat(leak.getString("secret")).isEqualTo("LEAKED_KEY");
            assertThat(leak.getString("foundAt")).isEqualTo("https://paste.example/found");
            assertThat(leak.getString("source")).isEqualTo("paste");
            assertThat(leak.getString("whatToDo")).contains("still works");
            report(token, "https://paste.example/token");
            JsonObject last = told.next("leak.found");
            assertThat(last.getString("tokenId")).isEqualTo(id);
            assertThat(last.getString("whatToDo")).contains("no longer works");
            assertThat(last.encode()).doesNotContain(token);
            ok(owner.patch(secret, new JsonObject().put("value", "canary-later")));
            assertThat(hook.next(2)).isNull();
            assertThat(owner.get("/webhooks/" + id).data().getString("endedAt")).isNotNull();
        }
    }

    @Test
    void itHearsOfItsEndWhenTheKeyAboveItEndsAndOnceWhenThatIsNear() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            JsonArray scopes = Bodies.texts("SECRETS_READ", "SECRETS_WRITE", "PROVIDERS_WRITE");
            JsonObject key = server.key(
                    new JsonObject().put("label", "above").put("scopes", scopes).put("expiresInDays", 3));
            Listening told = Listening.at(owner.as(key.getString("key")), "Below", hook, new JsonObject());
            JsonObject near = told.next("provider.expiring");
            assertThat(near.getString("expiresAt")).isEqualTo(key.getString("expiresAt"));
            assertThat(hook.next(3)).as("once").isNull();
            told.provider().push("BELOW_KEY", "canary-b");
            ok(person().delete("/api-keys/" + key.getString("id")));
            assertThat(told.next("provider.revoked").getString("tokenId"))
                    .isEqualTo(told.provider().id());
            ok(owner.patch("/secrets/" + id("BELOW_KEY"), new JsonObject().put("value", "canary-c")));
            assertThat(hook.next(2)).isNull();
        }
    }

    @Test
    void itHearsThatASecretWasTakenBack() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            Listening told = listening("Taken", hook);
            told.provider().push("TAKEN_BACK", "canary-1");
            ok(owner.patch("/secrets/" + id("TAKEN_BACK"), new JsonObject().putNull("providerId")));
            assertThat(told.next("secret.handed_over").getBoolean("yours")).isFalse();
            ok(owner.delete(told.provider().path()));
        }
    }

    @Test
    void anEnvironmentThatItDoesNotReachIsNotItsBusiness() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            Listening told = Listening.at(
                    owner, "Staged", hook, new JsonObject().put("allowedEnvironments", Bodies.texts("staging")));
            told.provider().pushTo("staging", "STAGED_KEY", "canary-s");
            String secret = "/secrets/" + id("STAGED_KEY");
            ok(owner.patch(secret + "?environment=production", new JsonObject().put("value", "canary-p")));
            ok(owner.patch(secret + "?environment=staging", new JsonObject().put("value", "canary-t")));
            assertThat(told.next("secret.updated").getString("environment")).isEqualTo("staging");
            ok(owner.delete(told.provider().path()));
        }
    }
}
