package com.fyvault.newcomer;

import com.fyvault.api.LoginToken;
import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.SmtpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two people who meet FyVault for the first time, each in a browser of their own. Ada signs up, stores a secret and
 * invites Bob. Bob accepts, confirms a second factor, makes a key and reads the secret with it. Ada removes Bob, and
 * from then on he and his key are refused. All mails come over SMTP; nothing is looked up in the database.
 */
public final class Newcomer {
    private static final String PASSWORD = "violet kettle under the stairs";
    private static final String SECRET = "STRIPE_SECRET_KEY";
    private static final String VALUE = "sk_test_not_a_real_one";
    private static final String READ = "/secrets/by-name/" + SECRET + "/value";
    private static final int MAIL_SECONDS = 30;

    private final String url;
    private final SmtpServer mails;
    private final PrintStream out;
    private final List<SmtpServer.Mail> received = new ArrayList<>();
    private final String mark;
    private int steps;

    /**
     * @param url of the server, without a path
     * @param mails where it delivers its mails
     */
    public Newcomer(String url, SmtpServer mails, PrintStream out) {
        this.url = url;
        this.mails = mails;
        this.out = out;
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        this.mark = HexFormat.of().formatHex(random);
    }

    /** Somebody in a browser of their own. */
    private record Visitor(String email, Browser browser) {}

    /** Walks the whole way; the number of steps. Throws at the first answer that is not as it should be. */
    public int walk() {
        Visitor ada = new Visitor("ada." + mark + "@example.com", new Browser(url));
        Visitor bob = new Visitor("bob." + mark + "@example.com", new Browser(url));
        String org = "/orgs/" + signUp(ada, "Engines " + mark);
        step("Ada stores a secret", ask(ada, org + "/secrets", "name", SECRET, "value", VALUE), 201);
        step("Ada invites Bob", ask(ada, org + "/invitations", "email", bob.email(), "role", "developer"), 201);
        String bobsOwn = signUp(bob, "Bob's own " + mark);
        String bobsId =
                step("Bob looks who he is", get(bob, "/users/me"), 200).data().getString("userId");
        step("Bob is not in yet", get(bob, org + READ), 404);
        step("Bob accepts", ask(bob, "/invitations/accept", "token", mailed(bob, "fvinvite_")), 200);
        value("Bob reads the secret", get(bob, org + READ));
        String key = makeKey(bob, org);
        Program program = new Program(url, key);
        value("Bob's key reads the secret", program.get(org + READ));
        code("the key makes no key", program.post(org + "/api-keys", key()), 403, "PERSON_REQUIRED");
        step("Ada removes Bob", ada.browser().ask("DELETE", org + "/members/" + bobsId, null), 200);
        out("Bob is refused", get(bob, org + READ));
        code("Bob's key is refused", program.get(org + READ), 401, "TOKEN_REVOKED");
        step("Bob is still in his own", get(bob, "/orgs/" + bobsOwn + "/secrets"), 200);
        value("Ada still reads the secret", get(ada, org + READ));
        String cookie = String.valueOf(ada.browser().cookie(LoginToken.COOKIE));
        step("Ada logs out", ask(ada, "/auth/logout"), 200);
        ada.browser().plant(LoginToken.COOKIE, cookie);
        code("Ada's old cookie is refused", get(ada, org + READ), 401, "TOKEN_REVOKED");
        return steps;
    }

    private String signUp(Visitor who, String organization) {
        String name = who.email().substring(0, 1).toUpperCase(Locale.ROOT)
                + who.email().substring(1, 3);
        step(
                name + " signs up",
                ask(who, "/auth/signup", "email", who.email(), "password", PASSWORD, "organization", organization),
                202);
        code(name + " cannot log in yet", logIn(who), 401, "LOGIN_REFUSED");
        String token = mailed(who, "fvmail_");
        String org = step(
                        name + " confirms the address",
                        ask(who, "/auth/verify", "token", token, "password", PASSWORD),
                        201)
                .data()
                .getString("orgId");
        step(name + " logs in", logIn(who), 200);
        step(name + " looks into the new organization", get(who, "/orgs/" + org + "/secrets"), 200);
        return org;
    }

    private Api.Answer logIn(Visitor who) {
        return ask(who, "/auth/login", "email", who.email(), "password", PASSWORD);
    }

    private String makeKey(Visitor who, String org) {
        String keys = org + "/api-keys";
        code("Bob makes no key without a second factor", send(who, keys, key()), 403, "SECOND_FACTOR_REQUIRED");
        AuthenticatorApp app = new AuthenticatorApp(
                step("Bob scans a code with an app", ask(who, "/users/me/totp", "password", PASSWORD), 201)
                        .data()
                        .getString("secret"));
        step("Bob confirms the app", ask(who, "/users/me/totp/confirm", "code", app.shows(0)), 200);
        code("Bob makes none before he confirms it again", send(who, keys, key()), 403, "STEP_UP_REQUIRED");
        code("no code is good twice", ask(who, "/auth/step-up", "code", app.shows(0)), 401, "CODE_REFUSED");
        step("Bob confirms the second factor", ask(who, "/auth/step-up", "code", app.shows(1)), 200);
        return step("Bob makes a key", send(who, keys, key()), 201).data().getString("key");
    }

    private static JsonObject key() {
        return new JsonObject()
                .put("label", "laptop")
                .put("scopes", new JsonArray().add("secrets:read").add("tokens:write"));
    }

    private static Api.Answer get(Visitor who, String path) {
        return who.browser().ask("GET", path, null);
    }

    /** Posts these fields, which come in pairs. */
    private static Api.Answer ask(Visitor who, String path, String... fields) {
        JsonObject body = new JsonObject();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            body.put(fields[i], fields[i + 1]);
        }
        return send(who, path, body);
    }

    private static Api.Answer send(Visitor who, String path, JsonObject body) {
        return who.browser().ask("POST", path, body);
    }

    /** A program that has a key and no cookies. */
    private record Program(String url, String key) {
        Api.Answer get(String path) {
            return send("GET", path, null);
        }

        Api.Answer post(String path, JsonObject body) {
            return send("POST", path, body.encode());
        }

        private Api.Answer send(String method, String path, @Nullable String body) {
            return new Browser(url).send(method, path, body, "authorization", "Bearer " + key);
        }
    }

    /** The token of a kind in a mail to somebody, which may have come already. */
    private String mailed(Visitor who, String kind) {
        Pattern token = Pattern.compile("\\b" + kind + "[0-9A-Za-z]+");
        Optional<String> found = found(who, token);
        try {
            while (found.isEmpty()) {
                SmtpServer.@Nullable Mail mail = mails.next(MAIL_SECONDS);
                if (mail == null) {
                    throw new AssertionError("no mail with " + kind + "... came for " + who.email());
                }
                received.add(mail);
                found = found(who, token);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
        return found.get();
    }

    private Optional<String> found(Visitor who, Pattern token) {
        // Quoted-printable: a line that ends with the sign goes on.
        return received.stream()
                .filter(mail -> mail.to().toString().contains(who.email()))
                .map(mail -> token.matcher(mail.text().replace("=\n", "")))
                .filter(Matcher::find)
                .map(Matcher::group)
                .findFirst();
    }

    private void value(String what, Api.Answer answer) {
        step(what, answer, 200);
        if (!VALUE.equals(answer.data().getString("value"))) {
            throw new AssertionError(what + ": another value came");
        }
    }

    /** The login is good, but of no member any more: to them it is as if there were no such organization. */
    private void out(String what, Api.Answer answer) {
        code(what, answer, 404, "ORG_NOT_FOUND");
    }

    private void code(String what, Api.Answer answer, int status, String code) {
        step(what, answer, status);
        if (!code.equals(answer.code())) {
            throw new AssertionError(what + ": " + answer.text());
        }
    }

    @CanIgnoreReturnValue
    private Api.Answer step(String what, Api.Answer answer, int status) {
        steps++;
        boolean fine = answer.status() == status;
        String code = answer.status() < 400 ? "" : " " + answer.code();
        out.println((fine ? "  " : "! ") + what + ": " + answer.status() + code);
        if (!fine) {
            throw new AssertionError(what + ": " + answer.status() + " in place of " + status + " " + answer.text());
        }
        return answer;
    }
}
