package com.fyvault.leaks;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What lets a person in dies in public: logins and mailed links. */
class LeakedLoginsIT extends LeakedTest {
    private long events(String email, String what) {
        return server.database()
                .count("select count(*) from person_event p join account a on a.user_id = p.user_id"
                        + " where p.action = 'leak_found' and p.details ->> 'of' = '" + what + "' and a.email = '"
                        + email
                        + "'");
    }

    @Test
    void aLoginIsOverAndToldOnce() {
        String email = member(Role.DEVELOPER);
        String leaked = people.login(email);
        String kept = people.login(email);
        assertThat(server.api(leaked).value("SHARED")).isEqualTo("shared value");
        assertThat(server.api(kept).value("SHARED")).isEqualTo("shared value");
        assertThat(report(leaked, leaked + "\n")).containsExactly(true, true);
        isRefused(server.api(leaked).get("/secrets"), 401, "TOKEN_REVOKED");
        isRefused(server.api(leaked).get("//api/v1/users/me"), 401, "TOKEN_REVOKED");
        assertThat(server.api(kept).value("SHARED")).isEqualTo("shared value");

        JsonObject leak = list(owner, "/leaks").get(0);
        assertThat(leak.getString("what")).isEqualTo("token");
        assertThat(leak.getString("tokenKind")).isEqualTo("login");
        assertThat(leak.getBoolean("wasLive")).isTrue();
        assertThat(leak.getString("closedBecause")).isEqualTo("revoked");
        JsonObject notice = notice(leak);
        assertThat(notice.getString("kind")).isEqualTo("key.leaked");
        assertThat(notice.getJsonArray("recipients")).containsExactlyInAnyOrder(email, "owner@example.com");
        assertThat(notice.getJsonObject("payload").getString("whatToDo")).startsWith("The login has ended.");
        assertThat(notice.encode()).doesNotContain(leaked);
        assertThat(events(email, "login")).isEqualTo(1);

        assertThat(report(leaked)).containsExactly(true);
        assertThat(notices(leak)).hasSize(1);
        assertThat(events(email, "login")).isEqualTo(1);
    }

    @Test
    void aLoginOfABrowserIsOver() {
        Browser browser = people.browser(member(Role.VIEWER));
        String cookie = Objects.requireNonNull(browser.cookie("__Host-fyvault_session"));
        assertThat(browser.ask("GET", "/orgs/" + server.orgId() + "/secrets", null)
                        .status())
                .isEqualTo(200);
        assertThat(report(cookie)).containsExactly(true);
        isRefused(browser.ask("GET", "/orgs/" + server.orgId() + "/secrets", null), 401, "TOKEN_REVOKED");
    }

    @Test
    void aLoginThatWasInNoOrganizationIsToldToItsPersonByMail() {
        String email = email();
        var _ = plant(email);
        String token = people.login(email);
        assertThat(report(token)).containsExactly(true);
        isRefused(server.api(token).get("//api/v1/users/me"), 401, "TOKEN_REVOKED");
        JsonObject mail = people.mail(email);
        assertThat(mail.getString("subject")).contains("login of yours was found");
        assertThat(mail.encode()).doesNotContain(token).doesNotContain("octocat");
        assertThat(events(email, "login")).isEqualTo(1);
    }

    @Test
    void aLoginOfTwoOrganizationsIsOverInBoth() {
        var other = server.anotherOrg();
        String email = email();
        UUID person = plant(email);
        people.join(person, server.orgId(), Role.VIEWER);
        people.join(person, other.orgId(), Role.VIEWER);
        String token = people.login(email);
        Api there = server.api(token).in(other.orgId().toString());
        assertThat(server.api(token).get("/secrets").status()).isEqualTo(200);
        assertThat(there.get("/secrets").status()).isEqualTo(200);
        assertThat(report(token)).containsExactly(true);
        isRefused(server.api(token).get("/secrets"), 401, "TOKEN_REVOKED");
        isRefused(there.get("/secrets"), 401, "TOKEN_REVOKED");
        Api owning = server.api().in(other.orgId().toString()).as(other.key().exposeText());
        assertThat(list(owning, "/leaks")).hasSize(1);
        assertThat(list(owning, "/notices").get(0).getJsonArray("recipients"))
                .containsExactlyInAnyOrder(email, "other@example.com");
    }

    @Test
    void whatOnlyLooksLikeALoginIsNone() {
        String token = people.login(member(Role.VIEWER));
        String forged = token.substring(0, token.length() - 4) + "AAAA";
        String cookie = TokenFormat.draw("fvweb_", new SecureRandom());
        assertThat(report(forged, cookie, token.substring(0, token.lastIndexOf('.'))))
                .containsExactly(false, false, false);
        assertThat(server.api(token).get("/secrets").status()).isEqualTo(200);
    }

    @Test
    void aMailedLinkIsUsedUp() {
        String email = email();
        var _ = plant(email);
        assertThat(people.post("/auth/password/forgot", new JsonObject().put("email", email))
                        .status())
                .isEqualTo(202);
        String mailed = people.mailedToken(email);
        assertThat(report(mailed, TokenFormat.draw("fvmail_", new SecureRandom())))
                .containsExactly(true, false);
        isRefused(
                people.post(
                        "/auth/password/reset",
                        new JsonObject().put("token", mailed).put("newPassword", "another violet kettle entirely")),
                400,
                "MAIL_TOKEN_REFUSED");
        assertThat(events(email, "mail_token")).isEqualTo(1);
        assertThat(report(mailed)).containsExactly(true);
        assertThat(events(email, "mail_token")).isEqualTo(1);
    }

    @Test
    void aBrowserIsKnownNoMore() {
        String email = member(Role.VIEWER);
        String browser = Objects.requireNonNull(people.browser(email).cookie("__Host-fyvault_browser"));
        assertThat(report(browser)).containsExactly(true);
        assertThat(report(browser)).containsExactly(false);
        assertThat(events(email, "browser")).isEqualTo(1);
    }

    @Test
    void aLoginThatWaitsForItsSecondFactorWaitsNoMore() {
        String email = email();
        people.plantFactor(plant(email));
        String waiting = people.tryLogin(email, TestPeople.PASSWORD).data().getString("tempToken");
        assertThat(waiting).startsWith("fvstep_");
        assertThat(report(waiting)).containsExactly(true);
        assertThat(events(email, "login_step")).isEqualTo(1);
        assertThat(server.database()
                        .count("select count(*) from pending_login where user_id = (select user_id"
                                + " from account where email = '" + email + "')"))
                .isZero();
    }
}
