package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Load;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** POST /auth/signup with an invitation in the place of an organization. */
class SignUpInvitedIT extends MemberTest {
    private static final Pattern TOKEN = Pattern.compile("\\bfvinvite_[0-9A-Za-z]+\\b");
    private static final int PARALLEL = 8;

    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        people = new TestPeople(server);
        var _ = project("billing");
        var _ = project("search");
    }

    /** The token in the mail to who is invited. */
    private String invited(String email) {
        var _ = created(owner.post(
                "/invitations",
                new JsonObject().put("email", email).put("projects", new JsonObject().put("billing", "member"))));
        Matcher token = TOKEN.matcher(people.mail(email).getString("text"));
        assertThat(token.find()).isTrue();
        return token.group();
    }

    private static JsonObject body(String email, String invitation) {
        return new JsonObject()
                .put("email", email)
                .put("password", TestPeople.PASSWORD)
                .put("invitation", invitation);
    }

    private Api.Answer signUp(String email, String invitation) {
        return people.post("/auth/signup", body(email, invitation));
    }

    private long accounts(String email) {
        return server.database().count("select count(*) from account where email = ?", email);
    }

    @Test
    void theAccountIsThereAtOnceAndAMemberWhereTheInvitationSays() {
        String token = invited("Ada@Example.com");
        JsonObject made = created(signUp("ada@example.com", token));
        assertThat(made.getString("orgId")).isEqualTo(server.orgId().toString());
        // Where the mail went, and not how the address was written by whoever had the token.
        assertThat(made.getString("email")).isEqualTo("Ada@Example.com");
        Api ada = server.api(people.login("ada@example.com"));
        assertThat(ada.get(value("billing")).status()).isEqualTo(200);
        isRefused(ada.get(value("search")), 404, "PROJECT_NOT_FOUND");
        assertThat(ada.get("//api/v1/auth/me/orgs").list()).hasSize(1);
        assertThat(ada.get("//api/v1/users/me").data().getBoolean("verified")).isTrue();
        assertThat(owner.get("/invitations").list().encode()).doesNotContain("Ada@Example.com");
        JsonObject record =
                owner.get("/audit?action=invitation.accept&limit=1").list().getJsonObject(0);
        assertThat(record.getJsonObject("details").getString("user_id")).isEqualTo(made.getString("userId"));
        isRefused(signUp("ada@example.com", token), 404, "INVITATION_NOT_FOUND");
    }

    @Test
    void aTokenThatIsNoGoodIsOneAnswerWhoeverHasAnAccount() {
        var _ = people.plant("known@example.com", TestPeople.hash());
        String token = invited("right@example.com");
        String unknown = Invitation.PREFIX
                + token.substring(Invitation.PREFIX.length())
                        .transform(s -> new StringBuilder(s).reverse().toString());
        String over = invited("over@example.com");
        server.database().execute("update invitation set expires_at = now() where email = 'over@example.com'");
        for (String email : List.of("known@example.com", "nobody@example.com")) {
            for (String no : List.of(token, unknown, over, "fvinvite_", "x")) {
                Api.Answer answer = signUp(email, no);
                isRefused(answer, 404, "INVITATION_NOT_FOUND");
                assertThat(answer.json().getString("error")).isEqualTo("Invitation not found");
            }
        }
        assertThat(accounts("nobody@example.com")).isZero();
        assertThat(signUp("right@example.com", token).status()).isEqualTo(201);
    }

    @Test
    void whoHasAnAccountKeepsItsPasswordAndTheInvitation() {
        var _ = people.plant("there@example.com", TestPeople.hash());
        String token = invited("there@example.com");
        JsonObject other = body("there@example.com", token).put("password", "another password of a thief");
        isRefused(people.post("/auth/signup", other), 409, "ACCOUNT_EXISTS");
        isRefused(people.tryLogin("there@example.com", "another password of a thief"), 401, "LOGIN_REFUSED");
        Api login = server.api(people.login("there@example.com"));
        isRefused(login.get("/members/me"), 404, "ORG_NOT_FOUND");
        Api.Answer accepted = login.post("//api/v1/invitations/accept", new JsonObject().put("token", token));
        assertThat(accepted.status()).isEqualTo(200);
    }

    @Test
    void nothingIsMadeWhereWhoInvitedMayNoMore() {
        Person inviter = person("inviter@example.com", Role.ADMIN);
        var _ = created(inviter.api().post("/invitations", new JsonObject().put("email", "late@example.com")));
        Matcher token = TOKEN.matcher(people.mail("late@example.com").getString("text"));
        assertThat(token.find()).isTrue();
        assertThat(owner.patch(inviter.path(), role("viewer")).status()).isEqualTo(200);
        isRefused(signUp("late@example.com", token.group()), 404, "INVITATION_NOT_FOUND");
        assertThat(accounts("late@example.com")).isZero();
    }

    @Test
    void aSignUpThatWaitedForItsMailIsOver() {
        JsonObject waiting = new JsonObject()
                .put("email", "both@example.com")
                .put("password", "a password chosen by a stranger")
                .put("organization", "Mine");
        assertThat(people.post("/auth/signup", waiting).status()).isEqualTo(202);
        String mailed = people.mailedToken("both@example.com");
        assertThat(signUp("both@example.com", invited("both@example.com")).status())
                .isEqualTo(201);
        isRefused(
                people.post(
                        "/auth/verify", new JsonObject().put("token", mailed).put("password", TestPeople.PASSWORD)),
                400,
                "MAIL_TOKEN_REFUSED");
        assertThat(people.login("both@example.com")).isNotEmpty();
    }

    @Test
    void ofManyAtOnceOneIsMade() {
        String token = invited("race@example.com");
        try (Load load = Load.start(PARALLEL, PARALLEL, i -> signUp("race@example.com", token))) {
            List<Integer> statuses =
                    load.finish().stream().map(Load.Sample::status).toList();
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
            assertThat(statuses).allMatch(status -> List.of(201, 404, 409, 503).contains(status));
        }
        assertThat(accounts("race@example.com")).isOne();
    }

    @Test
    void refusesWhatIsNoSignUp() {
        String token = invited("bad@example.com");
        JsonObject good = body("bad@example.com", token);
        isRefused(people.post("/auth/signup", good.copy().put("organization", "Mine")), 400, "INVALID_FIELD");
        isRefused(people.post("/auth/signup", good.copy().put("email", "x")), 400, "INVALID_FIELD");
        isRefused(people.post("/auth/signup", good.copy().put("invitation", 7)), 400, "INVALID_FIELD");
        isRefused(people.post("/auth/signup", good.copy().put("invitation", "x".repeat(200))), 400, "INVALID_FIELD");
        isRefused(people.post("/auth/signup", good.copy().put("password", "short")), 400, "PASSWORD_REFUSED");
        isRefused(people.post("/auth/signup", good.copy().put("password", "password1234")), 400, "PASSWORD_REFUSED");
        isRefused(people.post("/auth/signup", Bodies.named("x")), 400, "INVALID_FIELD");
        assertThat(accounts("bad@example.com")).isZero();
        assertThat(UUID.fromString(created(people.post("/auth/signup", good)).getString("userId")))
                .isNotNull();
    }
}
