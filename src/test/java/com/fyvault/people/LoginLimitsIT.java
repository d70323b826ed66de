package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.ServerTest;
import com.fyvault.support.SmtpServer;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Limits by the client's address, mail that really goes out, and pages of other origins. */
class LoginLimitsIT extends ServerTest {
    private static final String ORIGIN = "https://app.example.com";

    private final SmtpServer smtp = SmtpServer.start();

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "people.mails.minute", "3",
                "people.logins.minute", "4",
                "people.url", "https://vault.example.com",
                "people.origins", ORIGIN,
                "mail.smtp.host", "127.0.0.1",
                "mail.smtp.port", Integer.toString(smtp.port()),
                "mail.smtp.tls", "none",
                "mail.smtp.from", "vault@example.com",
                "mail.interval.millis", "100");
    }

    @AfterAll
    void stop() {
        smtp.close();
    }

    @Test
    void anAddressMayTrySoOftenWhateverItClaimsToBe() throws Exception {
        TestPeople people = new TestPeople(server);
        // Should a minute end meanwhile, as many pass again: nine are more than two minutes' worth.
        List<Api.Answer> answers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            answers.add(people.tryLogin("x" + i + "@example.com", "y", "x-forwarded-for", "203.0.113." + i));
        }
        assertThat(answers.stream().map(Api.Answer::status)).contains(401, 429).containsOnly(401, 429);
        Api.Answer refused = answers.stream()
                .filter(answer -> answer.status() == 429)
                .findFirst()
                .orElseThrow();
        isRefused(refused, 429, "RATE_LIMITED");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 60);
        List<Integer> mailed = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            mailed.add(people.post("/auth/password/forgot", new JsonObject().put("email", "m" + i + "@example.com"))
                    .status());
        }
        assertThat(mailed).contains(202, 429).containsOnly(202, 429);
        for (int i = 0; i < 3; i++) {
            SmtpServer.Mail mail = Objects.requireNonNull(smtp.next(20));
            assertThat(mail.from()).contains("vault@example.com");
            assertThat(mail.to()).hasSize(1);
        }
        assertThat(server.database().count("select count(*) from mail_outbox")).isLessThanOrEqualTo(1);
    }

    @Test
    void thePageOfMailsIsNotThereWhenTheyAreSent() {
        isRefused(server.api(null).get("//dev/outbox"), 404, "ROUTE_NOT_FOUND");
    }

    @Test
    void onlyAConfiguredOriginMayReadTheAnswers() {
        Browser browser = new Browser(server);
        Api.Answer asked =
                browser.send("OPTIONS", "/users/me", null, "origin", ORIGIN, "access-control-request-method", "DELETE");
        assertThat(asked.status()).isEqualTo(204);
        assertThat(asked.header("access-control-allow-origin")).isEqualTo(ORIGIN);
        assertThat(asked.header("access-control-allow-methods")).contains("DELETE");
        Api.Answer read = browser.send("GET", "/users/me", null, "origin", ORIGIN);
        assertThat(read.status()).isEqualTo(401);
        assertThat(read.header("access-control-allow-origin")).isEqualTo(ORIGIN);
        assertThat(read.header("vary")).isEqualToIgnoringCase("origin");
        for (String other :
                new String[] {"https://evil.example", "null", ORIGIN + ".evil.example", "http://app.example.com"}) {
            Api.Answer refused = browser.send(
                    "OPTIONS", "/users/me", null, "origin", other, "access-control-request-method", "DELETE");
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.header("access-control-allow-origin")).isEmpty();
        }
    }
}
