package com.fyvault.connect;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.WebhookServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
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
    void aCodeIsForWhoBeganAndDeadAfterFiveMisses() {
        Connecting asking = Connecting.of("Bound");
        String code = asking.approved(server, person());
        isRefused(asking.with("v".repeat(43)).exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        isRefused(asking.backTo("https://evil.example/callback").exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        isRefused(asking.backTo(asking.redirectUri() + "/").exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        isRefused(asking.with(asking.challenge()).exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        TestProvider provider = provider(asking.exchange(server, code));
        isRefused(asking.with("v".repeat(43)).exchange(server, code), 400, "CONNECT_CODE_REFUSED");
        provider.push("SEEN_IN_A_LOG", "whoever has only seen the code ends nothing");
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
}
