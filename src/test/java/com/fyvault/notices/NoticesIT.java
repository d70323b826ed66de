package com.fyvault.notices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.SmtpServer;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Notices by mail, to a real mail server on loopback. */
class NoticesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static TestServer start(SmtpServer smtp) {
        return TestServer.start(Map.of(
                "mail.smtp.host", "127.0.0.1",
                "mail.smtp.port", Integer.toString(smtp.port()),
                "mail.smtp.tls", "none",
                "mail.smtp.from", "vault@example.com",
                "mail.interval.millis", "100"));
    }

    private static void open(TestServer server, String reason) {
        Api.Answer answer = server.api().post("/break-glass", new JsonObject().put("reason", reason));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    /** The newest notice, asked for until it is as it should be. */
    private static JsonObject noticed(TestServer server, Predicate<JsonObject> enough) {
        Instant end = Instant.now().plus(LIMIT);
        JsonObject notice;
        do {
            notice = server.api().get("/notices").list().getJsonObject(0);
        } while (!enough.test(notice) && Instant.now().isBefore(end));
        return notice;
    }

    @Test
    void aBreakGlassTokenIsToldToWhoIsInCharge() throws InterruptedException {
        try (SmtpServer smtp = SmtpServer.start();
                TestServer server = start(smtp)) {
            open(server, "two\nlines: and Bcc: everybody@example.com");
            SmtpServer.Mail mail = Objects.requireNonNull(smtp.next(20));
            assertThat(mail.from()).contains("vault@example.com");
            assertThat(mail.to()).hasSize(1);
            assertThat(mail.to().get(0)).contains("owner@example.com");
            assertThat(mail.text()).contains("Subject: FyVault: break-glass opened");
            assertThat(mail.text().replaceAll("=\n", ""))
                    .contains("reason: two lines: and Bcc: everybody@example.com")
                    .contains("openedBy: owner@example.com")
                    .doesNotContain("fvbg_");
            JsonObject notice = noticed(server, one -> one.getValue("sentAt") != null);
            assertThat(notice.getString("sentAt")).isNotNull();
            assertThat(notice.getInteger("attempts")).isEqualTo(1);
        }
    }

    @Test
    void whatTheMailServerRefusesIsTriedAgainLater() throws InterruptedException {
        try (SmtpServer smtp = SmtpServer.start();
                TestServer server = start(smtp)) {
            smtp.refuse(1);
            open(server, "try twice");
            JsonObject refused = noticed(server, one -> one.getValue("failure") != null);
            assertThat(refused.getString("failure")).isNotNull().doesNotContain("@");
            assertThat(refused.getValue("sentAt")).isNull();
            // Half a minute later.
            assertThat(server.database().execute("update notice set next_at = now()"))
                    .isEqualTo(1);
            assertThat(Objects.requireNonNull(smtp.next(20)).text()).contains("try twice");
            JsonObject sent = noticed(server, one -> one.getValue("sentAt") != null);
            assertThat(sent.getString("sentAt")).isNotNull();
            assertThat(sent.getInteger("attempts")).isEqualTo(2);
            assertThat(sent.getValue("failure")).isNull();
        }
    }

    @Test
    void afterTheLastTryItIsOnlyListed() throws InterruptedException {
        try (SmtpServer smtp = SmtpServer.start();
                TestServer server = start(smtp)) {
            smtp.refuse(1_000);
            open(server, "never");
            JsonObject refused = noticed(server, one -> one.getValue("failure") != null);
            assertThat(refused.getInteger("attempts")).isEqualTo(1);
            assertThat(server.database()
                            .execute("update notice set next_at = now(), attempts = " + NoticeStore.MOST_ATTEMPTS))
                    .isEqualTo(1);
            smtp.refuse(0);
            assertThat(smtp.next(2)).isNull();
        }
    }
}
