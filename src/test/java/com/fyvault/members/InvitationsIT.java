package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Invitations from the mail to the first request of the new member. */
class InvitationsIT extends MemberTest {
    private static final Pattern TOKEN = Pattern.compile("\\bfvinvite_[0-9A-Za-z]+\\b");
    private static final int PARALLEL = 64;

    private TestPeople people;
    private String hash;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        people = new TestPeople(server);
        hash = TestPeople.hash();
        var _ = project("billing");
        var _ = project("search");
    }

    /** Somebody with an account, logged in. */
    private Api somebody(String email) {
        UUID _ = people.plant(email, hash);
        return server.api(people.login(email));
    }

    private JsonObject invited(JsonObject body) {
        return created(owner.post("/invitations", body));
    }

    private String mailed(String email) {
        Matcher token = TOKEN.matcher(people.mail(email).getString("text"));
        assertThat(token.find()).isTrue();
        return token.group();
    }

    private static JsonObject token(String token) {
        return new JsonObject().put("token", token);
    }

    private static Api.Answer accept(Api api, String token) {
        return api.post("//api/v1/invitations/accept", token(token));
    }

    private static JsonObject to(String email) {
        return new JsonObject().put("email", email);
    }

    /** A session of a login hangs on no key, only on the membership: that one comes back, the session does not. */
    @Test
    void whoComesBackComesWithoutTheSessionsOfBefore() {
        String email = "returning@example.com";
        Api login = somebody(email);
        JsonObject developer = to(email).put("role", "developer");
        var _ = invited(developer);
        assertThat(accept(login, mailed(email)).status()).isEqualTo(200);
        Api session =
                owner.as(created(login.post("/access-tokens", new JsonObject())).getString("token"));
        assertThat(session.get("/secrets").status()).isEqualTo(200);
        String id = login.get("//api/v1/users/me").data().getString("userId");
        assertThat(owner.delete("/members/" + id).status()).isEqualTo(200);
        isRefused(session.get("/secrets"), 401, "TOKEN_REVOKED");
        var _ = invited(developer);
        assertThat(accept(login, mailed(email)).status()).isEqualTo(200);
        assertThat(login.get("/secrets").status()).isEqualTo(200);
        isRefused(session.get("/secrets"), 401, "TOKEN_REVOKED");
    }

    @Test
    void whoAcceptsIsAMemberWhereTheInvitationSays() {
        String email = "new@example.com";
        String team = created(owner.post("/teams", Bodies.named("Welcome"))).getString("teamId");
        JsonObject invitation = invited(to(email)
                .put("projects", new JsonObject().put("billing", "member"))
                .put("teams", new JsonArray().add(team)));
        assertThat(invitation.getString("role")).isEqualTo("member");
        assertThat(invitation.getBoolean("assignedOnly")).isTrue();
        assertThat(owner.get("/invitations").list()).contains(invitation);
        String token = mailed(email);
        JsonObject seen = people.post("/invitations/view", token(token)).data();
        assertThat(seen.getString("organization")).isEqualTo("Proofs");
        assertThat(seen.getString("role")).isEqualTo("member");
        Api api = somebody(email);
        isRefused(api.get(value("billing")), 404, "ORG_NOT_FOUND");
        assertThat(accept(api, token).data().getString("orgId"))
                .isEqualTo(server.orgId().toString());
        assertThat(api.get(value("billing")).status()).isEqualTo(200);
        isRefused(api.get(value("search")), 404, "PROJECT_NOT_FOUND");
        JsonObject me = api.get("/members/me").data().getJsonObject("member");
        assertThat(me.getJsonArray("teams")).containsExactly(team);
        isRefused(accept(api, token), 404, "INVITATION_NOT_FOUND");
        assertThat(owner.get("/invitations").list()).doesNotContain(invitation);
        isRefused(owner.post("/invitations", to(email)), 409, "MEMBER_EXISTS");
    }

    @Test
    void whoWasRemovedComesBackWithNothingOfBefore() {
        String email = "back@example.com";
        Api api = somebody(email);
        assertThat(accept(api, fresh(email)).status()).isEqualTo(200);
        UUID id = UUID.fromString(
                api.get("/members/me").data().getJsonObject("member").getString("userId"));
        JsonObject key = server.key(new JsonObject().put("label", "theirs"));
        handTo(id, key.getString("id"));
        assertThat(owner.delete("/members/" + id).data().getInteger("revoked")).isEqualTo(1);
        isRefused(api.get("/members/me"), 404, "ORG_NOT_FOUND");
        var _ = invited(to(email).put("role", "viewer").put("assignedOnly", false));
        assertThat(accept(api, mailed(email)).status()).isEqualTo(200);
        assertThat(api.get("/members/me").data().getString("effectiveRole")).isEqualTo("viewer");
        isRefused(owner.as(key.getString("key")).get(value("billing")), 401, "TOKEN_REVOKED");
    }

    @Test
    void anotherTokenKillsTheOneBefore() {
        String email = "again@example.com";
        String id = invited(to(email)).getString("invitationId");
        String first = mailed(email);
        assertThat(owner.post("/invitations/" + id + "/resend", new JsonObject())
                        .status())
                .isEqualTo(200);
        String second = mailed(email);
        assertThat(second).isNotEqualTo(first);
        Api api = somebody(email);
        isRefused(accept(api, first), 404, "INVITATION_NOT_FOUND");
        // Invited anew: the one before is replaced, and one is open.
        var _ = invited(to(email.toUpperCase(Locale.ROOT)));
        isRefused(accept(api, second), 404, "INVITATION_NOT_FOUND");
        long open = owner.get("/invitations").list().stream()
                .filter(one -> ((JsonObject) one).getString("email").equalsIgnoreCase(email))
                .count();
        assertThat(open).isEqualTo(1);
        assertThat(accept(api, mailed(email.toUpperCase(Locale.ROOT))).status()).isEqualTo(200);
    }

    /** Every way for a token to be no good is one answer. */
    @Test
    void aTokenThatIsNoGoodIsOneAnswer() {
        String email = "nogood@example.com";
        Api api = somebody(email);
        String used = fresh(email);
        assertThat(people.post("/invitations/decline", token(used)).status()).isEqualTo(200);
        String withdrawn = fresh(email);
        String id = owner.get("/invitations").list().getJsonObject(0).getString("invitationId");
        assertThat(owner.delete("/invitations/" + id).status()).isEqualTo(200);
        isRefused(owner.delete("/invitations/" + id), 404, "INVITATION_NOT_FOUND");
        isRefused(owner.post("/invitations/" + id + "/resend", new JsonObject()), 404, "INVITATION_NOT_FOUND");
        String foreign = fresh("somebody.else@example.com");
        String expired = fresh("expired@example.com");
        Api late = somebody("expired@example.com");
        server.database()
                .execute(
                        "update invitation set expires_at = now() - interval '1 second' where email = 'expired@example.com'");
        for (String token : List.of(used, withdrawn, foreign, "fvinvite_" + "a".repeat(49), "x", "fvinvite_é")) {
            isRefused(accept(api, token), 404, "INVITATION_NOT_FOUND");
        }
        isRefused(accept(late, expired), 404, "INVITATION_NOT_FOUND");
        for (String token : List.of(used, withdrawn, "fvinvite_" + "a".repeat(49), "x")) {
            isRefused(people.post("/invitations/view", token(token)), 404, "INVITATION_NOT_FOUND");
            isRefused(people.post("/invitations/decline", token(token)), 404, "INVITATION_NOT_FOUND");
        }
        // A stranger's refusal has not used it up.
        assertThat(people.post("/invitations/view", token(foreign)).status()).isEqualTo(200);
        isRefused(people.post("/invitations/accept", token(foreign)), 401, "TOKEN_MISSING");
        isRefused(accept(owner, foreign), 403, "KIND_NOT_ALLOWED");
    }

    private String fresh(String email) {
        var _ = invited(to(email));
        return mailed(email);
    }

    @Test
    void anInvitationDiesWithTheAuthorityOfWhoMadeIt() {
        Person admin = person("inviting.admin@example.com", Role.ADMIN);
        String email = "late@example.com";
        var _ = created(admin.api().post("/invitations", to(email).put("role", "developer")));
        String token = mailed(email);
        Api api = somebody(email);
        assertThat(owner.patch(admin.path(), role("developer")).status()).isEqualTo(200);
        isRefused(accept(api, token), 404, "INVITATION_NOT_FOUND");
        assertThat(server.person().patch(admin.path(), role("admin")).status()).isEqualTo(200);
        assertThat(accept(api, token).status()).isEqualTo(200);
    }

    @Test
    void theAnswerIsTheSameWhetherThereIsAnAccountOrNot() {
        UUID _ = people.plant("known@example.com", hash);
        JsonObject known = invited(to("known@example.com"));
        JsonObject unknown = invited(to("unknown@example.com"));
        assertThat(known.fieldNames()).isEqualTo(unknown.fieldNames());
        for (String field : List.of("role", "assignedOnly", "projects", "teams", "invitedBy")) {
            assertThat(known.getValue(field)).isEqualTo(unknown.getValue(field));
        }
    }

    @Test
    void refusesWhatIsNoInvitation() {
        Person admin = person("refused.admin@example.com", Role.ADMIN);
        Person member = person("refused.member@example.com", Role.MEMBER);
        isRefused(owner.post("/invitations", new JsonObject()), 400, "INVALID_FIELD");
        isRefused(owner.post("/invitations", to("nobody")), 400, "INVALID_FIELD");
        isRefused(owner.post("/invitations", to("a@example.com").put("rights", "all")), 400, "INVALID_FIELD");
        isRefused(member.api().post("/invitations", to("a@example.com")), 403, "SCOPE_MISSING");
        isRefused(member.api().get("/invitations"), 403, "SCOPE_MISSING");
        isRefused(admin.api().post("/invitations", to("a@example.com").put("role", "owner")), 403, "ROLE_TOO_LOW");
        JsonObject nowhere = new JsonObject().put("nowhere", "member");
        isRefused(owner.post("/invitations", to("a@example.com").put("projects", nowhere)), 404, "PROJECT_NOT_FOUND");
        JsonArray team = new JsonArray().add(UUID.randomUUID().toString());
        isRefused(owner.post("/invitations", to("a@example.com").put("teams", team)), 404, "TEAM_NOT_FOUND");
        for (String id : List.of(UUID.randomUUID().toString(), "none")) {
            isRefused(owner.delete("/invitations/" + id), 404, "INVITATION_NOT_FOUND");
        }
        var _ = created(server.person()
                .post("/invitations", to("next.owner@example.com").put("role", "owner")));
        String id = owner.get("/invitations?limit=1").list().getJsonObject(0).getString("invitationId");
        isRefused(admin.api().delete("/invitations/" + id), 403, "ROLE_TOO_LOW");
        isRefused(admin.api().post("/invitations/" + id + "/resend", new JsonObject()), 403, "ROLE_TOO_LOW");
    }

    @Test
    void thereAreOnlySoManyOpenAtOnce() {
        var _ = invited(to("first.of.many@example.com"));
        server.database()
                .execute(
                        "insert into invitation select org_id, gen_random_uuid(), sha256(n::text::bytea), 'n' || n, 'n', role,"
                                + " assigned_only, project_ids, project_roles, team_ids, invited_by, now(),"
                                + " now() + interval '1 day', null, null, seal"
                                + " from (select * from invitation where email = 'first.of.many@example.com') i,"
                                + " generate_series(1, ?) n",
                        InvitationStore.MOST_OPEN);
        isRefused(owner.post("/invitations", to("one.more@example.com")), 409, "LIMIT_REACHED");
        server.database().execute("delete from invitation where email ~ '^n[0-9]+$'");
        var _ = invited(to("one.more@example.com"));
    }

    /** 64 requests with one token at once: one is told that it is in, and there is one member. */
    @Test
    void oneOfManyWhoAcceptAtOnceDoes() {
        int rounds = Lane.count(1_000, 25);
        long violations = 0;
        String email = "racing@example.com";
        Api api = somebody(email);
        String id = null;
        for (int i = 0; i < rounds; i++) {
            // So many mails to one address in an hour are more than it gets.
            server.database().execute("delete from guess");
            String token = fresh(email);
            List<CompletableFuture<Api.Answer>> asked = new ArrayList<>();
            for (int k = 0; k < PARALLEL; k++) {
                asked.add(api.sendLater(
                        "POST", "//api/v1/invitations/accept", token(token).encode()));
            }
            long won = asked.stream()
                    .map(CompletableFuture::join)
                    .filter(answer -> answer.status() == 200)
                    .count();
            id = api.get("/members/me").data().getJsonObject("member").getString("userId");
            violations += won == 1 ? 0 : 1;
            assertThat(owner.delete("/members/" + id).status()).isEqualTo(200);
        }
        Figures.print(new Figures.Line(
                "members",
                "one invitation, 64 at once",
                rounds,
                (long) rounds * PARALLEL,
                violations,
                "winners a round: 1"));
        assertThat(violations).isZero();
    }
}
