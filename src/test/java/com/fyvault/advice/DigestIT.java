package com.fyvault.advice;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.NodeProcess;
import com.fyvault.support.SmtpServer;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The weekly mail, to a real mail server on loopback: to whom it is for, when there is something, and never twice. */
class DigestIT {
    private static final int KILLS = Lane.count(10, 2);

    private SmtpServer smtp;
    private TestServer server;

    /** A node without a mail server sends nothing; others are started beside it. */
    @BeforeEach
    void start() {
        smtp = SmtpServer.start();
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
        smtp.close();
    }

    private Map<String, String> mailing() {
        return Map.of(
                "mail.smtp.host", "127.0.0.1",
                "mail.smtp.port", Integer.toString(smtp.port()),
                "mail.smtp.tls", "none",
                "mail.smtp.from", "vault@example.com",
                "mail.interval.millis", "100",
                "advice.digest.interval.millis", "100");
    }

    private UUID org(String owner) {
        return TestServer.await(server.app().bootstrap().make("Acme " + owner, owner + "@example.com"))
                .orgId();
    }

    /** Its only key was not used for long. */
    private void unused(UUID org) {
        server.database()
                .execute("update credential set last_used_at = now() - interval '91 days' where org_id = ?", org);
    }

    /** The clock moves: the turn of these has come. */
    private void weekIsOver() {
        server.database().execute("update digest set next_at = clock_timestamp() - interval '1 second'");
    }

    private void nobodyIsDue() {
        long begun = System.nanoTime();
        while (server.database().count("select count(*) from digest where enabled and next_at < clock_timestamp()")
                > 0) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
    }

    private static String text(SmtpServer.Mail mail) {
        return mail.text().replaceAll("=\n", "").replace("=3D", "=");
    }

    @Test
    void ownersAndAdminsAreMailedOnceAWeekWhileThereIsSomething() throws InterruptedException {
        var _ = server.addMember("admin@example.com", Role.ADMIN);
        var _ = server.addMember("developer@example.com", Role.DEVELOPER);
        try (TestServer node = server.secondNode(mailing())) {
            weekIsOver();
            nobodyIsDue();
            assertThat(smtp.next(1)).isNull();
            assertThat(server.database().count("select count(*) from digest where next_at > now() + interval '2 days'"))
                    .isZero();
            for (int i = 0; i < 25; i++) {
                server.key(new JsonObject().put("label", "soon " + i).put("expiresInDays", 10));
            }
            weekIsOver();
            SmtpServer.Mail first = Objects.requireNonNull(smtp.next(20));
            SmtpServer.Mail second = Objects.requireNonNull(smtp.next(20));
            assertThat(List.of(first.to().toString(), second.to().toString()).toString())
                    .contains("owner@example.com", "admin@example.com");
            assertThat(text(first))
                    .contains("Subject: FyVault: what needs attention", "\"Proofs\"", "medium: a token expires: soon ")
                    .contains("And 5 more.")
                    .doesNotContain("fv_live_");
            nobodyIsDue();
            assertThat(smtp.next(1)).isNull();
            assertThat(server.database()
                            .count(
                                    "select count(*) from digest where next_at > now() + interval '6 days' and sent_at > now()"
                                            + " - interval '1 minute'"))
                    .isEqualTo(1);
            weekIsOver();
            assertThat(smtp.next(20)).isNotNull();
            assertThat(smtp.next(20)).isNotNull();
            assertThat(server.api()
                            .patch("/digest", new JsonObject().put("weeklyDigest", false))
                            .data()
                            .getBoolean("weeklyDigest"))
                    .isFalse();
            weekIsOver();
            assertThat(smtp.next(2)).isNull();
            assertThat(node.api().get("/digest").data().getString("lastSentAt")).isNotNull();
        }
    }

    @Test
    void whatIsNoSettingIsRefused() {
        Api api = server.api();
        assertThat(api.get("/digest").data().getBoolean("weeklyDigest")).isTrue();
        isRefused(api.patch("/digest", new JsonObject()), 400, "INVALID_FIELD");
        isRefused(api.patch("/digest", new JsonObject().put("weeklyDigest", "no")), 400, "INVALID_FIELD");
        JsonObject more = new JsonObject().put("weeklyDigest", true).put("daily", true);
        isRefused(api.patch("/digest", more), 400, "INVALID_FIELD");
        JsonObject part = new JsonObject().put("label", "part").put("projects", Bodies.texts("default"));
        Api confined = server.api(server.key(part).getString("token"));
        isRefused(confined.patch("/digest", new JsonObject().put("weeklyDigest", false)), 403, "SCOPE_MISSING");
    }

    /** A mail that the server refuses is tried again, and comes once. */
    @Test
    void aRefusedMailComesLater() throws InterruptedException {
        unused(server.orgId());
        smtp.refuse(1);
        try (TestServer node = server.secondNode(mailing())) {
            weekIsOver();
            long begun = System.nanoTime();
            while (server.database().count("select count(*) from mail_outbox where failure is not null and once")
                    == 0) {
                assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(30));
            }
            server.database().execute("update mail_outbox set next_at = clock_timestamp()");
            assertThat(smtp.next(20)).isNotNull();
            assertThat(smtp.next(1)).isNull();
            assertThat(node.orgId()).isEqualTo(server.orgId());
        }
    }

    @Test
    void twoNodesSendOne() throws InterruptedException {
        int many = 20;
        for (int i = 0; i < many; i++) {
            unused(org("two" + i));
        }
        try (TestServer one = server.secondNode(mailing());
                TestServer two = server.secondNode(mailing())) {
            assertThat(one.orgId()).isEqualTo(two.orgId());
            weekIsOver();
            List<String> recipients = arrived(many);
            int twice = recipients.size() - new HashSet<>(recipients).size();
            Figures.print(new Figures.Line("advice", "weekly mails, two nodes at once", 0, many, twice, ""));
            assertThat(recipients).hasSize(many);
            assertThat(twice).isZero();
        }
    }

    /** What arrives until nothing has for a while. */
    private List<String> arrived(int most) throws InterruptedException {
        List<String> recipients = new ArrayList<>();
        SmtpServer.@Nullable Mail mail = smtp.next(20);
        while (mail != null) {
            recipients.add(mail.to().toString());
            mail = smtp.next(recipients.size() < most ? 5 : 1);
        }
        return recipients;
    }

    /** Killed with a mail in hand, and between them: nobody gets one twice, and at most the one in hand is lost. */
    @Test
    void aNodeThatIsKilledSendsNoneTwice() throws InterruptedException {
        int many = 8;
        int twice = 0;
        int lost = 0;
        for (int i = 0; i < many; i++) {
            unused(org("kill" + i));
        }
        for (int round = 0; round < KILLS; round++) {
            List<String> recipients = new ArrayList<>();
            try (NodeProcess killed = server.processNode(mailing())) {
                weekIsOver();
                for (int i = 0; i <= round % many; i++) {
                    recipients.add(Objects.requireNonNull(smtp.next(30)).to().toString());
                }
                killed.kill();
            }
            try (TestServer node = server.secondNode(mailing())) {
                server.database().execute("update mail_outbox set next_at = clock_timestamp()");
                assertThat(node.orgId()).isEqualTo(server.orgId());
                recipients.addAll(arrived(many));
                nobodyIsDue();
            }
            server.database().execute("delete from mail_outbox");
            twice += recipients.size() - new HashSet<>(recipients).size();
            lost += many - new HashSet<>(recipients).size();
        }
        Figures.print(new Figures.Line(
                "advice", "weekly mails, kill -9 on the way", KILLS, (long) KILLS * many, twice, "lost=" + lost));
        assertThat(twice).isZero();
        assertThat(lost).isLessThanOrEqualTo(KILLS);
    }
}
