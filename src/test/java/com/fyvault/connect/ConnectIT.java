package com.fyvault.connect;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.support.WebhookServer;
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
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A person lets a provider in, and its backend takes the token for the code: once, in time, by who began. */
class ConnectIT extends ServerTest {
    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "people.logins.minute", "0",
                "credentials.connect.minute", "0",
                "credentials.connect.codes", "200",
                "webhooks.loopback", "true",
                "webhooks.interval.millis", "200");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
    }

    /** A member of the organization who has just confirmed a second factor. */
    private Api member(String email, UUID id, Role role) {
        people.join(id, server.orgId(), role);
        String token = people.login(email);
        people.stepUp(token, Duration.ZERO);
        return server.api(token);
    }

    private Api member(String email, Role role) {
        return member(email, people.plant(email, TestPeople.hash()), role);
    }

    private TestProvider provider(Api.Answer made) {
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return new TestProvider(
                server.api(made.data().getString("token")),
                made.data().getJsonObject("provider").getString("providerId"));
    }

    @Test
    void aProviderIsLetInAndPushesWithoutAPastedToken() {
        Connecting mail = Connecting.of("Example Mail");
        JsonObject wish = mail.wish(server).put("secretPrefix", "MAIL_");
        Api.Answer approved = person().post("/providers/connect", wish);
        assertThat(approved.status()).as(approved.text()).isEqualTo(201);
        String code = approved.data().getString("code");
        assertThat(approved.data().getString("redirectTo"))
                .isEqualTo(mail.redirectUri() + "&code=" + code + "&state=a+state+%26+more");
        assertThat(approved.data().getString("expiresAt")).isNotBlank();
        assertThat(server.database()
                        .count("select count(*) from connect_code where connect_code::text like '%" + code + "%'"))
                .as("its hash at rest")
                .isZero();
        Api.Answer made = mail.exchange(server, code);
        TestProvider provider = provider(made);
        JsonObject data = made.data();
        assertThat(made.header("cache-control")).isEqualTo("no-store");
        assertThat(data.getString("orgId")).isEqualTo(server.orgId().toString());
        assertThat(data.getString("webhookSecret")).startsWith("whsec_");
        assertThat(data.getJsonObject("paths").getString("push"))
                .isEqualTo("/api/v1/orgs/" + server.orgId() + provider.path() + "/push");
        provider.push("MAIL_KEY", "value-of-connect");
        assertThat(owner.value("MAIL_KEY")).isEqualTo("value-of-connect");
        isRefused(provider.push(TestProvider.item("OTHER_KEY", "v", "production")), 403, "SECRET_NOT_ALLOWED");
        isRefused(provider.push(TestProvider.item("MAIL_KEY", "v", "staging")), 403, "ENVIRONMENT_NOT_ALLOWED");
        isRefused(provider.api().get("/secrets/by-name/MAIL_KEY/value"), 403, "KIND_NOT_ALLOWED");
        assertThat(server.database()
                        .query("select created_by from credential where credential_id = ?::uuid", provider.id())
                        .get(0)
                        .get("created_by")
                        .toString())
                .startsWith("user:");
        assertThat(owner.get(provider.path()).data().getString("name")).isEqualTo("Example Mail");
        List<String> actions = owner.get("/activity").list().stream()
                .map(one -> ((JsonObject) one).getString("action"))
                .toList();
        assertThat(actions).contains("connect.approve", "connect.exchange");
    }

    @Test
    void itIsCutWithWhoeverLetItIn() {
        UUID id = people.plant("dev@example.com", TestPeople.hash());
        Api developer = member("dev@example.com", id, Role.DEVELOPER);
        Connecting asking = Connecting.of("Cut");
        TestProvider provider = provider(asking.exchange(server, asking.approved(server, developer)));
        provider.push("CUT_KEY", "v");
        assertThat(person().patch("/members/" + id, new JsonObject().put("role", "viewer"))
                        .status())
                .isEqualTo(200);
        isRefused(provider.push(TestProvider.item("CUT_KEY", "w", "production")), 403, "SCOPE_MISSING");
    }

    @Test
    void whoMayNotDecideDoesNot() {
        Connecting asking = Connecting.of("Refused");
        JsonObject wish = asking.wish(server);
        isRefused(owner.post("/providers/connect", wish), 403, "PERSON_REQUIRED");
        for (Role role : List.of(Role.MEMBER, Role.VIEWER)) {
            isRefused(
                    member(role.text() + "@refused.example", role).post("/providers/connect", wish),
                    403,
                    "SCOPE_MISSING");
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
    void aCodeIsForWhoBeganAndDeadAfterFiveMisses() {
        Connecting asking = Connecting.of("Bound");
        String code = asking.approved(server, person());
        isRefused(asking.with("v".repeat(43)).exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        isRefused(asking.backTo("https://evil.example/callback").exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        isRefused(asking.backTo(asking.redirectUri() + "/").exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        isRefused(asking.with(asking.challenge()).exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        var _ = provider(asking.exchange(server, code));
        String dead = asking.approved(server, person());
        for (int i = 0; i < ExchangeCode.MOST_MISSED; i++) {
            isRefused(asking.with("w".repeat(43)).exchange(server, dead), 400, "CONNECT_CODE_REFUSED");
        }
        isRefused(asking.exchange(server, dead), 400, "CONNECT_CODE_REFUSED");
    }

    @Test
    void whoMayNoLongerWhenItIsExchangedHasGivenNothing() {
        UUID id = people.plant("leaves@example.com", TestPeople.hash());
        Api leaving = member("leaves@example.com", id, Role.DEVELOPER);
        Connecting first = Connecting.of("Demoted");
        String demoted = first.approved(server, leaving);
        Connecting second = Connecting.of("Removed");
        String removed = second.approved(server, leaving);
        assertThat(person().patch("/members/" + id, new JsonObject().put("role", "viewer"))
                        .status())
                .isEqualTo(200);
        isRefused(first.exchange(server, demoted), 400, "CONNECT_CODE_REFUSED");
        assertThat(person().delete("/members/" + id).status()).isEqualTo(200);
        isRefused(second.exchange(server, removed), 400, "CONNECT_CODE_REFUSED");
        assertThat(owner.get("/providers").text()).doesNotContain("Demoted").doesNotContain("Removed");
    }

    @Test
    void aSecondUseEndsWhatTheFirstHasMadeAndTheProviderIsTold() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            Connecting asking = Connecting.of("Twice");
            String code = person().post(
                            "/providers/connect", asking.wish(server).put("webhookUrl", hook.url()))
                    .data()
                    .getString("code");
            TestProvider provider = provider(asking.exchange(server, code));
            provider.push("TWICE_KEY", "v");
            isRefused(asking.exchange(server, code), 400, "CONNECT_CODE_REFUSED");
            isRefused(provider.push(TestProvider.item("TWICE_KEY", "w", "production")), 401, "TOKEN_REVOKED");
            isRefused(asking.exchange(server, code), 400, "CONNECT_CODE_REFUSED");
            assertThat(new String(
                            Objects.requireNonNull(hook.next(20)).body(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("provider.revoked");
        }
    }

    @Test
    void sixtyFourAtOnceMakeOne() {
        Connecting asking = Connecting.of("At once");
        String code = asking.approved(server, person());
        List<CompletableFuture<Api.Answer>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(server.api(null)
                    .sendLater(
                            "POST", "//api/v1/connect/token", asking.body(code).encode()));
        }
        List<Api.Answer> answers = all.stream().map(CompletableFuture::join).toList();
        long made = answers.stream().filter(answer -> answer.status() == 201).count();
        long rows = server.database().count("select count(*) from credential where label = 'At once'");
        Figures.print(new Figures.Line(
                "issue 5", "exchanges of one code at once", 0, 64, (int) made - 1, rows + " provider"));
        assertThat(answers.stream().filter(answer -> answer.status() != 201).map(Api.Answer::code))
                .isSubsetOf("CONNECT_CODE_REFUSED", "OVERLOADED");
        assertThat(made).isEqualTo(1);
        assertThat(rows).isEqualTo(1);
    }

    @Test
    void aRowThatWasAlteredByHandGivesNothing() {
        Connecting asking = Connecting.of("Altered");
        String code = asking.approved(server, person());
        server.database().execute("update connect_code set environment_ids = '{}' where name = 'Altered'");
        isRefused(asking.exchange(server, code), 500, "SEALED_VALUE_REFUSED");
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
}
