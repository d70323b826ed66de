package com.fyvault.connect;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is no approval and no code, who gives none, and the page. */
class ConnectRefusalsIT extends ServerTest {
    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "credentials.connect.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
    }

    /** A member of the organization who has just confirmed a second factor. */
    private Api member(Role role) {
        String email = role.text() + "@refused.example";
        people.join(people.plant(email, TestPeople.hash()), server.orgId(), role);
        String token = people.login(email);
        people.stepUp(token, Duration.ZERO);
        return server.api(token);
    }

    @Test
    void anAddressThatAccessMayNotBeSentToIsRefused() {
        List<String> wrong = new ArrayList<>(List.of(
                "http://provider.example/callback",
                "https://user@provider.example/",
                "https://provider.example/#x",
                "https:///callback",
                "https:provider.example",
                "//provider.example/",
                "javascript:alert(1)",
                "data:text/html,x",
                "https://provider.example\\@evil.example/",
                "https://provider.example/ x",
                "https://pröv.example/",
                "https://evil%2eexample/",
                "http://localhost.evil.example/",
                "http://127.0.0.1.evil.example/",
                "http://2130706433/",
                "https://provider.example/" + "x".repeat(2_000)));
        for (String uri : wrong) {
            Connecting asking = Connecting.of("Nowhere").backTo(uri);
            isRefused(person().post("/providers/connect", asking.wish(server)), 400, "INVALID_FIELD");
        }
        List<String> fine = List.of(
                "http://127.0.0.1:8090/callback",
                "http://localhost/",
                "http://[::1]:1/x",
                "https://xn--prv-sna.example/?a=b",
                "https://provider.example/" + "x".repeat(1_975));
        for (String uri : fine) {
            Connecting asking = Connecting.of("Somewhere").backTo(uri);
            Api.Answer approved = person().post("/providers/connect", asking.wish(server));
            assertThat(approved.data().getString("redirectTo")).startsWith(uri);
        }
        Figures.print(new Figures.Line(
                "issue 5",
                "addresses to go back to refused and taken",
                wrong.size() + fine.size(),
                wrong.size(),
                0,
                ""));
    }

    @Test
    void whatIsMissingOrPlainIsRefused() {
        JsonObject wish = Connecting.of("Malformed").wish(server);
        List<JsonObject> wrong = new ArrayList<>(List.of(
                wish.copy().put("codeChallengeMethod", "plain"),
                wish.copy().put("codeChallenge", "x".repeat(42)),
                wish.copy().put("codeChallenge", "x".repeat(44)),
                wish.copy().put("codeChallenge", "+".repeat(43)),
                wish.copy().put("environments", Bodies.texts()),
                wish.copy().put("webhookUrl", "http://hooks.example/"),
                wish.copy().put("webhookUrl", "https://10.0.0.1/"),
                wish.copy().put("secretPrefix", "a*b"),
                wish.copy().put("scopes", Bodies.texts("SECRETS_READ")),
                wish.copy().put("state", "x".repeat(1_001)),
                wish.copy().put("name", " ")));
        for (String field :
                List.of("name", "projectId", "environments", "redirectUri", "codeChallenge", "codeChallengeMethod")) {
            JsonObject without = wish.copy();
            var _ = without.remove(field);
            wrong.add(without);
        }
        wrong.forEach(
                body -> assertThat(person().post("/providers/connect", body).code())
                        .as(body.encode())
                        .isEqualTo("INVALID_FIELD"));
        Connecting asking = Connecting.of("Malformed");
        for (JsonObject body : List.of(
                new JsonObject(),
                asking.body("x").put("codeVerifier", "short"),
                asking.body("x").put("grant_type", "authorization_code"))) {
            isRefused(server.api(null).send("POST", "//api/v1/connect/token", body.encode()), 400, "INVALID_FIELD");
        }
        for (String code :
                List.of("x", "fvcode_", "fvcode_!!", "fvcode_" + "A".repeat(54), "fvcode_" + "A".repeat(53))) {
            isRefused(asking.exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        }
    }

    @Test
    void aPageOfAnotherSiteApprovesNothing() {
        people.join(people.plant("victim@example.com", TestPeople.hash()), server.orgId(), Role.OWNER);
        var browser = people.browser("victim@example.com");
        String path = "/orgs/" + server.orgId() + "/providers/connect";
        String wish = Connecting.of("Forged").wish(server).encode();
        String[][] ways = {
            {"sec-fetch-site", "cross-site", "origin", "https://evil.example", "content-type", "application/json"},
            {"sec-fetch-site", "same-site", "origin", "https://other.example.com", "content-type", "application/json"},
            {"sec-fetch-site", "cross-site", "content-type", "text/plain"},
            {"origin", "null", "content-type", "application/x-www-form-urlencoded"},
            {"content-type", "application/json"}
        };
        for (String[] headers : ways) {
            isRefused(browser.send("POST", path, wish, headers), 403, "CROSS_SITE");
        }
        // Its own page gets as far as the second factor.
        isRefused(browser.ask("POST", path, new JsonObject(wish)), 403, "SECOND_FACTOR_REQUIRED");
    }

    @Test
    void thePageIsLockedDownAndLeadsNowhere() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        String query = "?name=x&redirect_uri=https%3A%2F%2Fevil.example%2F&state=s";
        for (String path : List.of("/connect" + query, "/connect/page.js", "/connect/page.css")) {
            HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.headers().firstValue("cache-control")).contains("no-store");
            assertThat(page.headers().firstValue("referrer-policy")).contains("no-referrer");
            assertThat(page.body())
                    .doesNotContain("evil.example")
                    .doesNotContain("<script>")
                    .doesNotContain("style=");
        }
        HttpResponse<String> post = client.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/connect"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(post.statusCode()).isEqualTo(405);
    }

    @Test
    void onlySoManyWait() {
        try (TestServer small = TestServer.start(Map.of("credentials.connect.codes", "3"))) {
            Connecting asking = Connecting.of("Many");
            String first = asking.approved(small, small.person());
            for (int i = 0; i < 2; i++) {
                String _ = asking.approved(small, small.person());
            }
            isRefused(small.person().post("/providers/connect", asking.wish(small)), 409, "LIMIT_REACHED");
            assertThat(asking.exchange(small, first).status()).isEqualTo(201);
            String _ = asking.approved(small, small.person());
        }
    }

    @Test
    void whoMayNotDecideDoesNot() {
        Connecting asking = Connecting.of("Refused");
        JsonObject wish = asking.wish(server);
        isRefused(owner.post("/providers/connect", wish), 403, "PERSON_REQUIRED");
        for (Role role : List.of(Role.MEMBER, Role.VIEWER)) {
            isRefused(member(role).post("/providers/connect", wish), 403, "SCOPE_MISSING");
        }
        UUID bare = people.plant("bare@example.com", TestPeople.hash());
        people.join(bare, server.orgId(), Role.OWNER);
        Api noFactor = server.api(people.login("bare@example.com"));
        isRefused(noFactor.post("/providers/connect", wish), 403, "SECOND_FACTOR_REQUIRED");
        people.plantFactor(bare);
        isRefused(noFactor.post("/providers/connect", wish), 403, "STEP_UP_REQUIRED");
        var other = server.anotherOrg();
        String project = server.database()
                .query("select project_id from project where org_id = ?", other.orgId())
                .get(0)
                .get("project_id")
                .toString();
        String environment = server.database()
                .query("select environment_id from environment where org_id = ? limit 1", other.orgId())
                .get(0)
                .get("environment_id")
                .toString();
        isRefused(person().post("/providers/connect", wish.copy().put("projectId", project)), 404, "PROJECT_NOT_FOUND");
        isRefused(
                person().post("/providers/connect", wish.copy().put("environments", Bodies.texts(environment))),
                404,
                "ENVIRONMENT_NOT_FOUND");
        isRefused(person().in(other.orgId().toString()).post("/providers/connect", wish), 404, "ORG_NOT_FOUND");
    }
}
