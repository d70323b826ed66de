package com.fyvault.leaks;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Handles, invitations and secrets that sign webhooks are the organization's own as well: found in public, they are ended or told. */
class LeakedItemsIT extends LeakedTest {
    private static final Pattern INVITATION = Pattern.compile("\\bfvinvite_[0-9A-Za-z]+\\b");
    private static final String UNPRINTED = "select (select count(*) from webhook where print is null)"
            + " + (select count(*) from provider where webhook_print is null)";

    @Test
    void aHandleResolvesNoMore() {
        JsonObject minted = created(owner.post("/secrets/by-name/SHARED/handle", new JsonObject()));
        String text = minted.getString("handle");
        JsonObject body = new JsonObject().put("handle", text);
        assertThat(owner.post("/handles/resolve", body).status()).isEqualTo(200);
        assertThat(report(text, TokenFormat.draw("fvh_", new SecureRandom()))).containsExactly(true, false);
        isRefused(owner.post("/handles/resolve", body), 404, "HANDLE_NOT_FOUND");
        JsonObject leak = leak(minted.getString("handle_id"));
        assertThat(leak.getString("what")).isEqualTo("handle");
        assertThat(leak.getString("name")).isEqualTo("SHARED");
        assertThat(leak.getString("closedBecause")).isEqualTo("revoked");
        assertThat(leak.getBoolean("wasLive")).isTrue();
        assertThat(notice(leak).getString("kind")).isEqualTo("key.leaked");
        assertThat(report(text)).containsExactly(true);
        assertThat(notices(leak)).hasSize(1);
    }

    @Test
    void manyHandlesGoAtOnceWithTheTokensBesideThem() {
        List<String> handles = Stream.generate(
                        () -> created(owner.post("/secrets/by-name/SHARED/handle", new JsonObject()))
                                .getString("handle"))
                .limit(40)
                .toList();
        String key = server.key(
                        new JsonObject().put("label", "beside").put("scopes", new JsonArray().add("SECRETS_READ")))
                .getString("token");
        assertThat(report(Stream.concat(handles.stream(), Stream.of(key)).toArray(String[]::new)))
                .hasSize(41)
                .containsOnly(true);
        for (String handle : handles) {
            isRefused(owner.post("/handles/resolve", new JsonObject().put("handle", handle)), 404, "HANDLE_NOT_FOUND");
        }
        isRefused(server.api(key).get("/secrets"), 401, "TOKEN_REVOKED");
    }

    @Test
    void anInvitationIsWithdrawn() {
        String email = email();
        String id = created(owner.post(
                        "/invitations", new JsonObject().put("email", email).put("role", "developer")))
                .getString("invitationId");
        Matcher token = INVITATION.matcher(people.mail(email).getString("text"));
        assertThat(token.find()).isTrue();
        assertThat(report(token.group())).containsExactly(true);
        var _ = plant(email);
        isRefused(
                server.api(people.login(email))
                        .post("//api/v1/invitations/accept", new JsonObject().put("token", token.group())),
                404,
                "INVITATION_NOT_FOUND");
        assertThat(owner.get("/invitations").text()).doesNotContain(id);
        JsonObject leak = leak(id);
        assertThat(leak.getString("what")).isEqualTo("invitation");
        assertThat(leak.getString("name")).isEqualTo(email);
        assertThat(notice(leak).getJsonArray("recipients")).containsExactly("owner@example.com");
        assertThat(report(token.group())).containsExactly(true);
        assertThat(notices(leak)).hasSize(1);
    }

    @Test
    void aSecretThatSignsIsToldAndStandsUntilItIsAnother() {
        JsonObject made = webhook();
        String secret = made.getString("secret");
        printed();
        assertThat(report(secret, "whsec_" + "A".repeat(43) + "=")).containsExactly(true, false);
        JsonObject leak = leak(made.getString("id"));
        assertThat(leak.getString("what")).isEqualTo("webhook_secret");
        assertThat(leak.getString("done")).isEqualTo("flagged");
        assertThat(leak.getString("state")).isEqualTo("open");
        assertThat(notice(leak).getString("kind")).isEqualTo("secret.leaked");
        assertThat(notice(leak).encode()).doesNotContain(secret);
        assertThat(list(owner, "/leaks?state=open").toString()).contains(leak.getString("id"));

        String path = "/webhooks/" + made.getString("id") + "/roll";
        String second = owner.post(path, new JsonObject()).data().getString("secret");
        printed();
        assertThat(leak(made.getString("id")).getString("state")).isEqualTo("open");
        assertThat(report(secret)).containsExactly(true);
        assertThat(notices(leak)).hasSize(1);
        String third = owner.post(path, new JsonObject().put("gracePeriodSeconds", 0))
                .data()
                .getString("secret");
        printed();
        assertThat(leak(made.getString("id")).getString("closedBecause")).isEqualTo("replaced");
        assertThat(report(secret, second)).containsExactly(false, false);
        assertThat(report(third)).containsExactly(true);
        assertThat(list(owner, "/leaks").stream()
                        .filter(one -> made.getString("id").equals(one.getString("itemId"))))
                .hasSize(2);
    }

    /** Rolled before upkeep came round, or before there were fingerprints. */
    @Test
    void theSecretBeforeIsKnownAlthoughItNeverHadAFingerprint() {
        JsonObject made = webhook();
        String path = "/webhooks/" + made.getString("id") + "/roll";
        assertThat(owner.post(path, new JsonObject()).status()).isEqualTo(200);
        String forget =
                "update webhook set print = null, earlier_print = null where org_id = ? and webhook_id = ?::uuid";
        server.database().execute(forget, server.orgId(), made.getString("id"));
        printed();
        assertThat(report(made.getString("secret"))).containsExactly(true);
        assertThat(leak(made.getString("id")).getString("state")).isEqualTo("open");
    }

    @Test
    void aSecretThatSignsIsClosedByHand() {
        JsonObject made = webhook();
        printed();
        assertThat(report(made.getString("secret"))).containsExactly(true);
        JsonObject advice = list(owner, "/advice").get(0);
        assertThat(advice.getString("kind")).isEqualTo("webhook_secret_leaked");
        assertThat(advice.getString("severity")).isEqualTo("critical");
        assertThat(owner.get("/advice").text()).contains(made.getString("id"));
        String path = "/leaks/" + leak(made.getString("id")).getString("id") + "/resolve";
        JsonObject closed = server.person()
                .post(path, new JsonObject().put("note", "it was a test"))
                .data();
        assertThat(owner.get("/advice").text()).doesNotContain(made.getString("id"));
        assertThat(closed.getString("closedBecause")).isEqualTo("resolved");
    }

    @Test
    void aProvidersSecretIsKnownWithoutAWebhook() {
        JsonObject made = created(owner.post(
                "/providers", new JsonObject().put("providerType", "stripe").put("name", "Stripe")));
        printed();
        assertThat(report(made.getString("webhookSecret"))).containsExactly(true);
        String id = made.getJsonObject("provider").getString("id");
        assertThat(leak(id).getString("name")).isEqualTo("Stripe");
    }

    private JsonObject webhook() {
        return created(owner.post(
                "/webhooks",
                new JsonObject().put("url", "https://hooks.example/fyvault").put("enabled", false)));
    }

    private void printed() {
        long begun = System.nanoTime();
        while (server.database().count(UNPRINTED) > 0) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
    }

    private JsonArray seen(Api api, String... texts) {
        JsonArray items = new JsonArray();
        Stream.of(texts).map(text -> new JsonObject().put("text", text)).forEach(items::add);
        Api.Answer answer = api.post(
                "/leaks/sightings",
                new JsonObject().put("repository", "backend").put("items", items));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().getJsonArray("items");
    }

    @Test
    void whatIsItsOwnIsEndedAndNothingElse() {
        var other = server.anotherOrg();
        Api there = server.api().in(other.orgId().toString()).as(other.key().exposeText());
        String handle = created(owner.post("/secrets/by-name/SHARED/handle", new JsonObject()))
                .getString("handle");
        String inside = people.login(member(Role.VIEWER));
        assertThat(server.api(inside).get("/secrets").status()).isEqualTo(200);
        String outside = people.login(member(Role.VIEWER));
        assertThat(seen(there, handle, inside, outside).encode()).doesNotContain("true");
        JsonArray items = seen(owner, handle, inside, outside);
        assertThat(items.getJsonObject(0).getJsonArray("found").getJsonObject(0).getString("kind"))
                .isEqualTo("HANDLE");
        assertThat(items.getJsonObject(1).getJsonArray("found").getJsonObject(0).getString("kind"))
                .isEqualTo("LOGIN");
        assertThat(items.getJsonObject(2).getBoolean("matched")).isFalse();
        isRefused(owner.post("/handles/resolve", new JsonObject().put("handle", handle)), 404, "HANDLE_NOT_FOUND");
        isRefused(server.api(inside).get("//api/v1/users/me"), 401, "TOKEN_REVOKED");
        assertThat(server.api(outside).get("/secrets").status()).isEqualTo(200);
    }
}
