package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T42: no forged token is taken, whatever issuer it says it is of; nothing is fetched from where it points; and a flood of
 * unknown keys asks the issuer once a minute.
 */
class JwtAttacksIT extends ServerTest {
    private static final int LEAST = 40;

    private TestIssuer attacker;
    private Exchanges exchanges;
    private final Map<String, Issuer> issuers = new LinkedHashMap<>();

    /** An issuer of its type with what it signs, and the moment of its first token. */
    private record Issuer(TestIssuer issuer, String[] key, JsonObject claims, long since) {
        /** What one fetch a minute allows until now. */
        long allowedFetches() {
            return 1 + Duration.ofNanos(System.nanoTime() - since).toMinutes();
        }

        JsonObject fresh(int i) {
            return claims.copy().put("jti", "fresh-" + i);
        }
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("credentials.sessions", "100000");
    }

    @BeforeAll
    void prepare() {
        exchanges = new Exchanges(server);
        attacker = TestIssuer.start(server.vertx());
        String[] rsa = {"RS256", TestIssuer.RSA};
        add("github", rsa, "repo:acme/app:ref:refs/heads/main", new JsonObject().put("repository", "acme/app"));
        add("gitlab", rsa, "project_path:acme/app:ref_type:branch:ref:main", new JsonObject());
        add("kubernetes", new String[] {"ES256", TestIssuer.EC}, "system:serviceaccount:prod:app", new JsonObject());
        add("spiffe", new String[] {"EdDSA", TestIssuer.ED}, "spiffe://example.org/app", new JsonObject());
        add("oidc", new String[] {"PS256", TestIssuer.RSA}, "machine-7", new JsonObject());
    }

    @AfterAll
    void stop() {
        issuers.values().forEach(one -> one.issuer().close());
        attacker.close();
    }

    private void add(String type, String[] key, String subject, JsonObject more) {
        TestIssuer issuer = TestIssuer.start(server.vertx());
        exchanges.made(Exchanges.rule(type, issuer, more.copy().put("sub", subject)));
        JsonObject claims = issuer.claims(subject).mergeIn(more);
        issuers.put(type, new Issuer(issuer, key, claims, System.nanoTime()));
    }

    private int status(Issuer issuer, int i) {
        String token = issuer.issuer().token(issuer.key()[0], issuer.key()[1], issuer.fresh(i));
        return exchanges.exchange(token).status();
    }

    /** The real one is taken, before and after: so the forged ones are refused for what they are. */
    private int attack(String type, Issuer one, List<String> wrong) {
        assertThat(status(one, 1)).as(type).isEqualTo(200);
        Map<String, String> all = Forgeries.of(one.issuer(), attacker, one.key(), one.claims());
        assertThat(all).hasSizeGreaterThanOrEqualTo(LEAST);
        all.forEach((name, token) -> {
            Api.Answer answer = exchanges.exchange(token);
            if (answer.status() != 401 || !answer.code().equals("IDENTITY_REFUSED")) {
                wrong.add(type + ": " + name + ": " + answer.status() + " " + answer.text());
            }
        });
        int flood = Lane.count(100, 2_000);
        for (int i = 0; i < flood; i++) {
            String token = one.issuer().token(one.key()[0], "made-up-" + i, one.fresh(1_000_000 + i));
            if (exchanges.exchange(token).status() != 401) {
                wrong.add(type + ": unknown key");
            }
        }
        assertThat(status(one, 2)).as(type).isEqualTo(200);
        return all.size() + flood;
    }

    @Test
    void noForgedTokenIsTakenAndNothingIsFetchedForOne() {
        List<String> wrong = new ArrayList<>();
        int forged = 0;
        for (Map.Entry<String, Issuer> entry : issuers.entrySet()) {
            forged += attack(entry.getKey(), entry.getValue(), wrong);
        }
        int strange = 0;
        int fetches = 0;
        for (Map.Entry<String, Issuer> entry : issuers.entrySet()) {
            Issuer one = entry.getValue();
            strange += one.issuer().strangeRequests();
            fetches = Math.max(fetches, one.issuer().keySetFetches());
            if (one.issuer().keySetFetches() > one.allowedFetches()) {
                wrong.add(entry.getKey() + ": asked " + one.issuer().keySetFetches() + " times for its keys");
            }
        }
        int attackers = attacker.discoveries() + attacker.keySetFetches() + attacker.strangeRequests();
        Figures.print(new Figures.Line(
                "T42",
                "forged identity tokens",
                forged,
                forged + 2L * issuers.size(),
                wrong.size() + strange + attackers,
                "issuers=" + issuers.size() + " attacker_fetches=" + attackers + " most_key_set_fetches=" + fetches));
        assertThat(wrong).isEmpty();
        assertThat(attackers).isZero();
        assertThat(strange).isZero();
    }
}
