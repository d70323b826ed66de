package com.fyvault.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.Argon2id;
import com.fyvault.crypto.RowSeal;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** People of a server, with the page of unsent mails as their mailbox. */
public final class TestPeople {
    public static final String PASSWORD = "violet kettle under the stairs";

    private static final Pattern TOKEN = Pattern.compile("\\bfvmail_[0-9A-Za-z]+\\b");
    private static final SecureRandom RANDOM = new SecureRandom();

    private static @Nullable String known;

    private final TestServer server;
    private final Api nobody;

    public TestPeople(TestServer server) {
        this.server = server;
        this.nobody = server.api(null);
    }

    /** Sends to a route below {@code /api/v1} as a program without a token. */
    public Api.Answer post(String path, JsonObject body, String... headers) {
        return nobody.send("POST", "//api/v1" + path, body.encode(), headers);
    }

    /** A person with a new organization, whose address has proved itself; the organization's id. */
    public String signUp(String email, String organization) {
        JsonObject body =
                new JsonObject().put("email", email).put("password", PASSWORD).put("organization", organization);
        assertThat(post("/auth/signup", body).status()).isEqualTo(202);
        return Answers.created(post(
                        "/auth/verify",
                        new JsonObject().put("token", mailedToken(email)).put("password", PASSWORD)))
                .getString("orgId");
    }

    /** Logs in as a program; the answer. */
    public Api.Answer tryLogin(String email, String password, String... headers) {
        return post("/auth/login", new JsonObject().put("email", email).put("password", password), headers);
    }

    /** Logs in as a program; the token. */
    public String login(String email) {
        Api.Answer answer = tryLogin(email, PASSWORD);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().getString("accessToken");
    }

    /** Logs in as a browser. */
    public Browser browser(String email) {
        Browser browser = new Browser(server);
        Api.Answer answer = browser.ask(
                "POST", "/auth/login", new JsonObject().put("email", email).put("password", PASSWORD));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return browser;
    }

    /** Notes in the login of a token, sealed as the server would, that a second factor was confirmed so long ago. */
    public void stepUp(String token, Duration ago) {
        stepUp("token_hash", TokenFormat.hash(token).toBytes(), ago);
    }

    /** Notes the same in a login by its id. */
    public void stepUp(UUID sessionId, Duration ago) {
        stepUp("session_id", sessionId, ago);
    }

    /** A login of which nobody has the token; its id. */
    public UUID plantLogin(UUID userId) {
        UUID id = UUID.randomUUID();
        byte[] hash = new byte[32];
        RANDOM.nextBytes(hash);
        server.database()
                .execute(
                        "insert into login_session (session_id, user_id, token_hash, cookie, signed_in_at, last_seen_at,"
                                + " expires_at, seal) values (?, ?, ?, false, now(), now(), now() + interval '12 hours', '')",
                        id,
                        userId,
                        hash);
        stepUp(id, Duration.ZERO);
        return id;
    }

    private void stepUp(String column, Object value, Duration ago) {
        Map<String, Object> login = server.database()
                .query(
                        "select *, clock_timestamp() as now from login_session where " + column
                                + " = ? and ended_at is null",
                        value)
                .get(0);
        Instant at = time(login, "now").minus(ago).truncatedTo(ChronoUnit.MICROS);
        byte[] seal = new RowSeal(server.subKeys().rowSeal())
                .fields("login.1")
                .add((UUID) login.get("session_id"))
                .add((UUID) login.get("user_id"))
                .add((byte[]) login.get("token_hash"))
                .add((boolean) login.get("cookie"))
                .add(time(login, "signed_in_at"))
                .add(at)
                .add(time(login, "expires_at"))
                .add("live")
                .seal();
        server.database()
                .execute(
                        "update login_session set stepped_up_at = ?, seal = ? where session_id = ?",
                        Timestamp.from(at),
                        seal,
                        login.get("session_id"));
    }

    private static Instant time(Map<String, Object> row, String column) {
        return ((Timestamp) row.get(column)).toInstant();
    }

    /** The newest mail to an address that waits. */
    public JsonObject mail(String email) {
        JsonArray mails = nobody.get("//dev/outbox").list();
        return mails.stream()
                .map(JsonObject.class::cast)
                .filter(mail -> mail.getString("to").equals(email))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no mail to " + email));
    }

    /** The token in the newest mail to an address. */
    public String mailedToken(String email) {
        Matcher token = TOKEN.matcher(mail(email).getString("text"));
        assertThat(token.find()).isTrue();
        return token.group();
    }

    /** Puts an account there with this PHC string as its password's, sealed as the server would; its id. */
    public UUID plant(String email, String hash) {
        UUID id = UUID.randomUUID();
        byte[] seal = passwordSeal(id, hash);
        server.database()
                .execute(
                        "insert into account (user_id, email, password_hash, password_seal, verified_at)"
                                + " values (?, ?, ?, ?, now())",
                        id,
                        email,
                        hash,
                        seal);
        return id;
    }

    /** Gives the account of somebody whom the operator made {@link #PASSWORD}, sealed as the server would. */
    public void givePassword(String email) {
        UUID id = (UUID) server.database()
                .query("select user_id from account where email = ?", email)
                .get(0)
                .get("user_id");
        server.database()
                .execute(
                        "update account set password_hash = ?, password_seal = ?, verified_at = now() where user_id = ?",
                        hash(),
                        passwordSeal(id, hash()),
                        id);
    }

    private byte[] passwordSeal(UUID id, String hash) {
        return new RowSeal(server.subKeys().rowSeal())
                .fields("password.1")
                .add(id)
                .add(hash)
                .seal();
    }

    /** The PHC string of {@link #PASSWORD}; made once, for it takes its time. */
    public static synchronized String hash() {
        if (known == null) {
            known = Argon2id.hash(PASSWORD.getBytes(StandardCharsets.UTF_8), RANDOM);
        }
        return known;
    }

    /** Gives the person an authenticator app that nobody can read: all that counts is that there is one. */
    public void plantFactor(UUID userId) {
        server.database().execute("insert into totp (user_id, sealed, confirmed_at) values (?, '', now())", userId);
    }

    /** Makes the person of a planted account a member. */
    public void join(UUID userId, UUID orgId, Role role) {
        Membership member = new Membership(orgId, userId, role);
        server.database()
                .execute(
                        "insert into membership (org_id, user_id, role, seal) values (?, ?, ?, ?)",
                        orgId,
                        userId,
                        role.text(),
                        member.sealOf(new RowSeal(server.subKeys().rowSeal())).seal());
    }
}
