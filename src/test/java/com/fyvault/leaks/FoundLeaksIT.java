package com.fyvault.leaks;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.ServerTest;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was found in public, for the organization that it is of: what, where, when, what was done, and whether it still stands. */
class FoundLeaksIT extends ServerTest {
    private final TestGithub github = new TestGithub();
    private String stored;
    private String secretId;

    @Override
    protected Map<String, String> settings() {
        return Map.of("leaks.github.keys", github.url());
    }

    @AfterAll
    void stopGithub() {
        github.close();
    }

    @BeforeEach
    void aSecret() {
        stored = "sk_stored_" + UUID.randomUUID();
        secretId = server.createSecret("S" + UUID.randomUUID().toString().replace("-", ""), stored);
    }

    private void report(String... tokens) {
        JsonArray entries = new JsonArray();
        // The same text again is another report: the same bytes are taken once.
        Stream.of(tokens)
                .map(TestGithub::entry)
                .map(entry -> entry.put("seen", UUID.randomUUID().toString()))
                .forEach(entries::add);
        assertThat(github.report(server, entries).status()).isEqualTo(200);
    }

    private static List<JsonObject> leaks(Api api, String query) {
        Api.Answer answer = api.get("/leaks" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.list().stream().map(JsonObject.class::cast).toList();
    }

    private JsonObject newest() {
        return leaks(owner, "?limit=1").get(0);
    }

    private JsonObject secret() {
        return owner.get("/secrets/" + secretId).data();
    }

    private JsonObject inList(String path, String id) {
        return owner.get(path).list().stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void replace(String value) {
        assertThat(owner.post("/secrets/" + secretId + "/rotate", new JsonObject().put("value", value))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aStoredValueIsOpenUntilItIsAnother() {
        assertThat(secret().getBoolean("leaked")).isFalse();
        report(stored);
        JsonObject leak = newest();
        assertThat(leak.getString("what")).isEqualTo("secret");
        assertThat(leak.getString("secretId")).isEqualTo(secretId);
        assertThat(leak.getString("environment")).isEqualTo("production");
        assertThat(leak.getInteger("version")).isEqualTo(1);
        assertThat(leak.getString("state")).isEqualTo("open");
        assertThat(leak.getString("done")).isEqualTo("flagged");
        assertThat(leak.getString("url")).contains("octocat/Hello-World");
        assertThat(leak.getString("type")).isEqualTo("fyvault_api_key");
        assertThat(leak.getString("reportedBy")).isEqualTo("github");
        assertThat(leak.containsKey("told")).isFalse();
        JsonObject whole = owner.get("/leaks/" + leak.getString("id")).data();
        assertThat(whole.getJsonArray("told")).containsExactly("owner@example.com");
        assertThat(whole.encode()).doesNotContain(stored);
        assertThat(leaks(owner, "?state=open")).contains(leak);
        assertThat(leaks(owner, "?state=closed")).doesNotContain(leak);
        assertThat(secret().getBoolean("leaked")).isTrue();
        assertThat(secret().getString("leakedAt")).isEqualTo(leak.getString("foundAt"));
        assertThat(inList("/secrets", secretId).getBoolean("leaked")).isTrue();
        JsonObject there = new JsonObject().put("value", "a value of its own").put("environment", "staging");
        assertThat(owner.patch("/secrets/" + secretId + "?environment=staging", there)
                        .status())
                .isEqualTo(200);
        assertThat(owner.get("/secrets/" + secretId + "?environment=staging")
                        .data()
                        .getBoolean("leaked"))
                .isFalse();

        replace(stored);
        assertThat(newest().getString("state")).isEqualTo("open");
        replace("another value, which nobody has seen");
        assertThat(newest().getString("state")).isEqualTo("closed");
        assertThat(newest().getString("closedBecause")).isEqualTo("replaced");
        assertThat(secret().getBoolean("leaked")).isFalse();
        assertThat(leaks(owner, "?state=open"))
                .noneMatch(one -> one.getString("id").equals(leak.getString("id")));
    }

    @Test
    void aTokenIsClosedAtOnceAndFlagged() {
        JsonObject key = server.key(new JsonObject().put("label", "found"));
        report(key.getString("token"));
        JsonObject leak = newest();
        assertThat(leak.getString("what")).isEqualTo("token");
        assertThat(leak.getString("tokenKind")).isEqualTo("api_key");
        assertThat(leak.getString("tokenId")).isEqualTo(key.getString("id"));
        assertThat(leak.getString("name")).isEqualTo("found");
        assertThat(leak.getString("last4")).isEqualTo(key.getString("last4"));
        assertThat(leak.getString("state")).isEqualTo("closed");
        assertThat(leak.getString("closedBecause")).isEqualTo("revoked");
        assertThat(leak.getBoolean("wasLive")).isTrue();
        assertThat(leak.encode()).doesNotContain(key.getString("token"));
        JsonObject shown = owner.get("/api-keys/" + key.getString("id")).data();
        assertThat(shown.getBoolean("leaked")).isTrue();
        assertThat(shown.getString("leakedAt")).isEqualTo(leak.getString("foundAt"));
        assertThat(inList("/api-keys?revoked=true", key.getString("id")).getBoolean("leaked"))
                .isTrue();
        assertThat(leaks(owner, "?state=closed")).contains(leak);
    }

    @Test
    void whoRunsTheOrganizationClosesOne() {
        report(stored);
        String path = "/leaks/" + newest().getString("id");
        JsonObject body = new JsonObject().put("note", "It was the example of our own documentation.");
        isRefused(owner.post(path + "/resolve", new JsonObject()), 400, "INVALID_FIELD");
        isRefused(owner.post(path + "/resolve", body.copy().put("state", "open")), 400, "INVALID_FIELD");
        isRefused(owner.post(path + "/resolve", new JsonObject().put("note", "n".repeat(501))), 400, "INVALID_FIELD");
        Api confined = withKey(new JsonObject().put("projects", Bodies.texts("default")));
        isRefused(confined.post(path + "/resolve", body), 403, "SCOPE_MISSING");
        isRefused(owner.post("/leaks/" + UUID.randomUUID() + "/resolve", body), 404, "LEAK_NOT_FOUND");
        JsonObject done = owner.post(path + "/resolve", body).data();
        assertThat(done.getString("state")).isEqualTo("closed");
        assertThat(done.getString("closedBecause")).isEqualTo("resolved");
        assertThat(done.getString("note")).contains("documentation");
        assertThat(done.getString("resolvedBy")).isNotBlank();
        assertThat(done.getString("resolvedAt")).isNotBlank();
        JsonObject again = new JsonObject().put("note", "It was withdrawn since.");
        JsonObject noted = owner.post(path + "/resolve", again).data();
        assertThat(noted.getString("note")).isEqualTo("It was withdrawn since.");
        assertThat(noted.getString("resolvedAt")).isEqualTo(done.getString("resolvedAt"));
        assertThat(secret().getBoolean("leaked")).isFalse();
        assertThat(owner.get("/advice").text()).doesNotContain(secretId);
        long events = server.database()
                .count(
                        "select count(*) from event where type = 'leak.resolved' and secret_id = ?",
                        UUID.fromString(secretId));
        assertThat(events).isEqualTo(2);
        // Found once more, it is no news.
        report(stored);
        assertThat(owner.get(path).data().getString("state")).isEqualTo("closed");
    }

    @Test
    void everybodySeesWhatTheySee() {
        var _ = created(owner.post("/projects", Bodies.named("side")));
        String value = "sk_side_" + UUID.randomUUID();
        JsonObject there = new JsonObject().put("name", "SIDE").put("value", value);
        String sideId = created(owner.post("/projects/side/secrets", there)).getString("id");
        JsonObject key = server.key(new JsonObject().put("label", "found"));
        report(stored, value, key.getString("token"));
        Api side = withKey(new JsonObject().put("projects", Bodies.texts("side")));
        assertThat(leaks(side, "").stream()
                        .map(one -> one.getString("secretId"))
                        .toList())
                .containsExactly(sideId);
        Api staging = withKey(new JsonObject().put("allowedEnvironments", Bodies.texts("staging")));
        assertThat(leaks(staging, "")).isEmpty();
        Api named = withKey(new JsonObject().put("allowedSecrets", Bodies.texts("SI*")));
        JsonObject seen = leaks(named, "").get(0);
        assertThat(seen.getString("secretId")).isEqualTo(sideId);
        assertThat(named.get("/leaks/" + seen.getString("id")).data().containsKey("told"))
                .isFalse();
        Api auditor = withKey(new JsonObject().put("scopes", Bodies.texts("AUDIT_READ")));
        assertThat(leaks(auditor, "")).isEqualTo(leaks(owner, ""));
        assertThat(auditor.get("/leaks/" + seen.getString("id")).data().containsKey("told"))
                .isFalse();
        isRefused(side.get("/leaks/" + ofTheSecret()), 404, "LEAK_NOT_FOUND");
        Api reader = withKey(new JsonObject().put("scopes", Bodies.texts("SECRETS_READ")));
        isRefused(reader.get("/leaks"), 403, "SCOPE_MISSING");
        Bootstrap.Made other = server.anotherOrg();
        Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
        assertThat(leaks(stranger, "")).isEmpty();
        isRefused(stranger.get("/leaks/" + seen.getString("id")), 404, "LEAK_NOT_FOUND");
    }

    private String ofTheSecret() {
        return leaks(owner, "").stream()
                .filter(one -> secretId.equals(one.getString("secretId")))
                .findFirst()
                .orElseThrow()
                .getString("id");
    }

    @Test
    void thePagesTogetherAreTheList() {
        report(stored, server.key(new JsonObject().put("label", "one")).getString("token"));
        report(server.key(new JsonObject().put("label", "two")).getString("token"));
        List<JsonObject> all = leaks(owner, "");
        List<JsonObject> paged = new ArrayList<>();
        String cursor = "";
        do {
            Api.Answer page = owner.get("/leaks?limit=1" + cursor);
            page.list().forEach(one -> paged.add((JsonObject) one));
            cursor = page.header("x-next-cursor").isEmpty() ? "" : "&cursor=" + page.header("x-next-cursor");
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(all).hasSizeGreaterThanOrEqualTo(3);
        isRefused(owner.get("/leaks?limit=201"), 400, "INVALID_FIELD");
        isRefused(owner.get("/leaks?cursor=here"), 400, "INVALID_FIELD");
        isRefused(owner.get("/leaks?state=gone"), 400, "INVALID_FIELD");
        isRefused(owner.get("/leaks/here"), 404, "LEAK_NOT_FOUND");
    }

    @Test
    void thoseWhoManageTheKeysOfATeamAreTold() {
        UUID developer = server.addMember("of-the-team@example.com", Role.DEVELOPER);
        UUID viewer = server.addMember("looks-on@example.com", Role.VIEWER);
        var _ = server.addMember("of-no-team@example.com", Role.DEVELOPER);
        JsonObject body = Bodies.named("payments").put("role", "developer");
        String team = created(server.person().post("/teams", body)).getString("teamId");
        for (UUID member : List.of(developer, viewer)) {
            JsonObject in = new JsonObject().put("userId", member.toString());
            assertThat(owner.post("/teams/" + team + "/members", in).status()).isEqualTo(200);
        }
        JsonObject key = server.key(new JsonObject().put("label", "the team's"));
        String ownerId = owner.get("/members/me").data().getJsonObject("member").getString("userId");
        JsonObject over = new JsonObject().put("team", team).put("keys", new JsonArray().add(key.getString("id")));
        Api.Answer handed = owner.post("/members/" + ownerId + "/transfer", over);
        assertThat(handed.status()).as(handed.text()).isEqualTo(200);
        report(key.getString("token"));
        JsonObject leak = newest();
        assertThat(leak.getString("tokenId")).isEqualTo(key.getString("id"));
        assertThat(owner.get("/leaks/" + leak.getString("id")).data().getJsonArray("told"))
                .containsExactlyInAnyOrder("owner@example.com", "of-the-team@example.com");
    }
}
