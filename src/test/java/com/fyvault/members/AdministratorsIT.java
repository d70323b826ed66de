package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a key that leaks, or a login that was left open, cannot leave behind: owners and admins, invitations that outlive the key,
 * and tokens that outlive the login.
 */
class AdministratorsIT extends MemberTest {
    private static final Pattern TOKEN = Pattern.compile("\\bfvinvite_[0-9A-Za-z]+\\b");
    private static final Duration TOO_LONG_AGO = Duration.ofSeconds(301);

    private TestPeople people;
    private Person developer;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        people = new TestPeople(server);
        developer = person("made.admin@example.com", Role.DEVELOPER);
    }

    /** The owner's login, in which nothing was confirmed in the last minutes. */
    private Api unconfirmed() {
        people.givePassword("owner@example.com");
        String token = people.login("owner@example.com");
        people.stepUp(token, TOO_LONG_AGO);
        return server.api(token);
    }

    private static JsonObject to(String email, String role) {
        return new JsonObject().put("email", email).put("role", role);
    }

    private static JsonObject scopes(String scope) {
        return new JsonObject().put("scopes", new JsonArray().add(scope));
    }

    private String mailed(String email) {
        Matcher token = TOKEN.matcher(people.mail(email).getString("text"));
        assertThat(token.find()).isTrue();
        return token.group();
    }

    private Api.Answer accept(String email) {
        UUID _ = people.plant(email, TestPeople.hash());
        return server.api(people.login(email))
                .post("//api/v1/invitations/accept", new JsonObject().put("token", mailed(email)));
    }

    @Test
    void aKeyMakesNobodyAnAdministrator() {
        for (String role : new String[] {"owner", "admin"}) {
            isRefused(owner.patch(developer.path(), role(role)), 403, "PERSON_REQUIRED");
            isRefused(owner.post("/invitations", to(role + "@example.com", role)), 403, "PERSON_REQUIRED");
        }
        isRefused(owner.post("/teams", Bodies.named("Admins").put("role", "admin")), 403, "PERSON_REQUIRED");
        String team = created(owner.post("/teams", Bodies.named("Raised"))).getString("teamId");
        isRefused(owner.patch("/teams/" + team, role("admin")), 403, "PERSON_REQUIRED");
        String session = owner.post("/access-tokens", new JsonObject()).data().getString("token");
        isRefused(server.api(session).patch(developer.path(), role("admin")), 403, "PERSON_REQUIRED");
        // What makes no administrator it does as before.
        assertThat(owner.patch(developer.path(), role("member")).status()).isEqualTo(200);
        assertThat(owner.patch(developer.path(), role("developer")).status()).isEqualTo(200);
    }

    @Test
    void aPersonDoesOnceTheyHaveConfirmedASecondFactor() {
        Person raised = person("raised@example.com", Role.DEVELOPER);
        Api open = unconfirmed();
        isRefused(open.patch(raised.path(), role("admin")), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(open.post("/invitations", to("b@example.com", "admin")), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(open.post("/teams", Bodies.named("Open").put("role", "admin")), 403, "SECOND_FACTOR_REQUIRED");
        assertThat(raised.api().get("/members/me").data().getString("effectiveRole"))
                .isEqualTo("developer");
        assertThat(server.person().patch(raised.path(), role("admin")).status()).isEqualTo(200);
        // Who is one stays one without it, and goes without it.
        assertThat(owner.patch(raised.path(), new JsonObject().put("role", "admin"))
                        .status())
                .isEqualTo(200);
        assertThat(owner.patch(raised.path(), role("viewer")).status()).isEqualTo(200);
        isRefused(owner.patch(raised.path(), role("admin")), 403, "PERSON_REQUIRED");
        assertThat(owner.post(raised.path() + "/deactivate", new JsonObject()).status())
                .isEqualTo(200);
        isRefused(owner.patch(raised.path(), role("owner")), 403, "PERSON_REQUIRED");
    }

    @Test
    void anInvitationDiesWithTheKeyThatMadeIt() {
        JsonObject key = server.key(scopes("MEMBERS_WRITE").put("label", "inviting"));
        Api inviting = server.api(key.getString("token"));
        String session =
                inviting.post("/access-tokens", new JsonObject()).data().getString("token");
        var _ = created(inviting.post("/invitations", to("of.key@example.com", "member")));
        var _ = created(server.api(session).post("/invitations", to("of.session@example.com", "member")));
        JsonObject kept = created(inviting.post("/invitations", to("sent.again@example.com", "member")));
        var _ = created(inviting.post("/invitations", to("in.time@example.com", "member")));
        assertThat(accept("in.time@example.com").status()).isEqualTo(200);

        assertThat(owner.delete("/api-keys/" + key.getString("id")).status()).isEqualTo(200);
        isRefused(accept("of.key@example.com"), 404, "INVITATION_NOT_FOUND");
        isRefused(accept("of.session@example.com"), 404, "INVITATION_NOT_FOUND");
        // Whoever sends it again invites anew.
        String again = "/invitations/" + kept.getString("invitationId") + "/resend";
        assertThat(owner.post(again, new JsonObject()).status()).isEqualTo(200);
        assertThat(accept("sent.again@example.com").status()).isEqualTo(200);
    }

    @Test
    void anInvitationDiesWhenTheKeyIsRolled() {
        JsonObject key = created(
                server.person().post("/api-keys", scopes("MEMBERS_WRITE").put("label", "rolled")));
        var _ = created(server.api(key.getString("token")).post("/invitations", to("of.rolled@example.com", "member")));
        String roll = "/api-keys/" + key.getString("id") + "/roll";
        assertThat(server.person().post(roll, new JsonObject()).status()).isEqualTo(200);
        isRefused(accept("of.rolled@example.com"), 404, "INVITATION_NOT_FOUND");
    }

    @Test
    void oneForAnAdministratorIsSentAgainByAPersonOnly() {
        JsonObject made = created(server.person().post("/invitations", to("admin.again@example.com", "admin")));
        String again = "/invitations/" + made.getString("invitationId") + "/resend";
        isRefused(owner.post(again, new JsonObject()), 403, "PERSON_REQUIRED");
        assertThat(server.person().post(again, new JsonObject()).status()).isEqualTo(200);
        assertThat(accept("admin.again@example.com").status()).isEqualTo(200);
    }

    @Test
    void whatALoginMakesAndOutlivesItAsksForASecondFactor() {
        Api open = unconfirmed();
        JsonObject agent = scopes("SECRETS_READ").put("name", "left").put("agentType", "custom");
        JsonObject provider = new JsonObject().put("name", "left");
        JsonObject device = new JsonObject().put("name", "left");
        JsonObject glass = new JsonObject().put("reason", "nobody looks");
        isRefused(open.post("/agent-credentials", agent), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(open.post("/providers", provider), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(open.post("/devices", device), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(open.post("/break-glass", glass), 403, "SECOND_FACTOR_REQUIRED");

        String session = open.post("/access-tokens", new JsonObject()).data().getString("token");
        assertThat(server.api(session).get("/members/me").status()).isEqualTo(200);
        JsonObject made = created(server.person().post("/agent-credentials", agent));
        String owner = "user:" + ownerId();
        assertThat(this.owner.get("/agent-credentials").list().stream()
                        .map(JsonObject.class::cast)
                        .filter(one -> made.getString("id").equals(one.getString("id")))
                        .map(one -> one.getString("created_by")))
                .containsExactly(owner);
        assertThat(open.post("//api/v1/auth/logout", new JsonObject()).status()).isLessThan(300);
        assertThat(server.api(session).get("/members/me").status()).isEqualTo(401);
    }
}
