package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.TestAuthenticator;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person with a program's login, an authenticator app and an authenticator. */
public final class FactorPerson {
    static final String ORIGIN = "https://vault.example.com";

    private final TestServer server;
    private final TestPeople people;
    private final String email;
    private final UUID id;
    private String token;
    private byte[] secret = new byte[0];

    public FactorPerson(TestServer server, String email) {
        this.server = server;
        this.people = new TestPeople(server);
        this.email = email;
        this.id = people.plant(email, TestPeople.hash());
        this.token = people.login(email);
    }

    public String email() {
        return email;
    }

    public UUID id() {
        return id;
    }

    public String token() {
        return token;
    }

    /** Sends as this person; the path goes below {@code /api/v1}. */
    Api.Answer send(String method, String path, @Nullable JsonObject body) {
        return server.api(token).send(method, "//api/v1" + path, body == null ? null : body.encode());
    }

    Api.Answer post(String path, JsonObject body) {
        return send("POST", path, body);
    }

    Api.Answer post(String path) {
        return post(path, new JsonObject());
    }

    Api.Answer postByNobody(String path, JsonObject body) {
        return people.post(path, body);
    }

    static JsonObject password() {
        return new JsonObject().put("password", TestPeople.PASSWORD);
    }

    /** The app gets its secret. */
    void beginTotp() {
        secret = decoded(Answers.created(post("/users/me/totp", password())).getString("secret"));
    }

    /** Enrols an app; the recovery codes. */
    @CanIgnoreReturnValue
    public List<String> enrolTotp() {
        beginTotp();
        Api.Answer answer = post("/users/me/totp/confirm", code());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().getJsonArray("recoveryCodes").stream()
                .map(String.class::cast)
                .toList();
    }

    /** What the app shows now, which may be used already. */
    String shown() {
        return shown(0);
    }

    /** What the app shows so many steps from now, by the database's clock. */
    String shown(int away) {
        boolean moved = server.database().count("select count(*) from pg_namespace where nspname = 'skew'") == 1;
        String clock = moved ? "skew.clock_timestamp()" : "clock_timestamp()";
        long step = server.database().count("select floor(extract(epoch from " + clock + ") / 30)::bigint");
        return TotpTest.code(secret, step + away);
    }

    /** A code that has not been used: the test does not wait for half a minute, the database forgets. */
    public JsonObject code() {
        server.database().execute("update totp set last_step = 0 where user_id = ?", id);
        return new JsonObject().put("code", shown());
    }

    /** Confirms a second factor in this login. */
    public void stepUp() {
        Api.Answer answer = post("/auth/step-up", code());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** The first step of another login: what the second is to be sent with. */
    String tempToken() {
        Api.Answer answer = people.tryLogin(email, TestPeople.PASSWORD);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.data().getBoolean("requiresTotp")).isTrue();
        assertThat(answer.data().getString("accessToken")).isEmpty();
        return answer.data().getString("tempToken");
    }

    Api.Answer finish(String tempToken, String code) {
        return people.post(
                "/auth/totp/login", new JsonObject().put("tempToken", tempToken).put("totpCode", code));
    }

    /** Goes on with another login. */
    void take(Api.Answer login) {
        assertThat(login.status()).as(login.text()).isEqualTo(200);
        token = login.data().getString("accessToken");
        assertThat(token).isNotEmpty();
    }

    /** A challenge to make a passkey, with the password if there is no factor yet. */
    String creationChallenge() {
        Api.Answer answer = post("/users/me/passkeys/options", password());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().getString("challenge");
    }

    String stepUpChallenge() {
        Api.Answer answer = post("/auth/step-up/options");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().getString("challenge");
    }

    String loginChallenge() {
        Api.Answer answer = people.post("/auth/passkey/options", new JsonObject());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().getString("challenge");
    }

    Api.Answer addPasskey(String name, TestAuthenticator.Ceremony ceremony) {
        return post("/users/me/passkeys", new JsonObject().put("name", name).put("credential", ceremony.toJson()));
    }

    Api.Answer loginBy(TestAuthenticator.Ceremony ceremony) {
        return people.post("/auth/passkey/login", new JsonObject().put("credential", ceremony.toJson()));
    }

    byte[] handle() {
        return VerifyPasskey.handle(id);
    }

    /** Of the newest of this person's events with this action: its outcome and details. */
    String event(String action) {
        return server.database()
                .query(
                        "select outcome || ' ' || coalesce(details::text, '') as shown from person_event"
                                + " where user_id = ? and action = ? order by at desc limit 1",
                        id,
                        action)
                .get(0)
                .get("shown")
                .toString();
    }

    private static byte[] decoded(String base32) {
        byte[] bytes = new byte[base32.length() * 5 / 8];
        long held = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < base32.length(); i++) {
            held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(base32.charAt(i));
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >> bits);
            }
        }
        return bytes;
    }
}
