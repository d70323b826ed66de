package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an organization asks of all its tokens is in force when the change is answered, at every node. */
class PolicyIT extends MemberTest {
    private static final String VALUE = "/secrets/by-name/STRIPE/value";
    /** So that requests of a test come from where it says. */
    private static final String FORWARDED = "X-Forwarded-For";

    private static final String INSIDE = "10.1.2.3";
    private static final String OUTSIDE = "192.0.2.1";

    private TestServer second;
    private Person member;
    private String session;

    @Override
    protected Map<String, String> settings() {
        return Map.of("http.proxy.depth", "1");
    }

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        server.createSecret("STRIPE", "sk");
        member = person("member@example.com", Role.DEVELOPER);
        session = created(member.api().post("/access-tokens", new JsonObject())).getString("token");
    }

    @AfterAll
    void stop() {
        second.close();
    }

    @AfterEach
    void clear() {
        JsonObject none = new JsonObject()
                .put("cidrs", new JsonArray())
                .put("maxKeyDays", 0)
                .put("requireSecondFactor", false);
        assertThat(owner.patch("/policy", none, FORWARDED, INSIDE).status()).isEqualTo(200);
    }

    private List<Api> everywhere() {
        Api api = member.api();
        return List.of(
                api, api.at(second.url()), api.as(session), api.as(session).at(second.url()));
    }

    @Test
    void anOrganizationAsksForNothingAtFirst() {
        JsonObject policy = member.api().get("/policy").data();
        assertThat(policy.getValue("maxKeyDays")).isNull();
        assertThat(policy.getBoolean("requireSecondFactor")).isFalse();
        assertThat(policy.getJsonArray("cidrs")).isEmpty();
    }

    @Test
    void tokensAreRefusedAtOnceFromElsewhere() {
        for (int i = 0; i < 3; i++) {
            for (Api api : everywhere()) {
                assertThat(api.get(VALUE, FORWARDED, OUTSIDE).status()).isEqualTo(200);
            }
            Api.Answer set = owner.patch(
                    "/policy", new JsonObject().put("cidrs", Bodies.texts("10.0.0.0/8")), FORWARDED, INSIDE);
            assertThat(set.data().getJsonArray("cidrs")).containsExactly("10.0.0.0/8");
            for (Api api : everywhere()) {
                isRefused(api.get(VALUE, FORWARDED, OUTSIDE), 403, "ADDRESS_NOT_ALLOWED");
                assertThat(api.get(VALUE, FORWARDED, INSIDE).status()).isEqualTo(200);
            }
            clear();
        }
    }

    @Test
    void keysThatAreTooOldExpireAtOnce() {
        assertThat(everywhere().get(1).get(VALUE).status()).isEqualTo(200);
        // Made three days ago, by its id, which is what the limit counts from.
        UUID old = new UUID((System.currentTimeMillis() - 3 * 86_400_000L) << 16 | 0x7000, 1L << 63);
        Api key = OldKey.of(server, member, old);
        assertThat(key.get(VALUE).status()).isEqualTo(200);
        assertThat(key.at(second.url()).get(VALUE).status()).isEqualTo(200);
        assertThat(owner.patch("/policy", new JsonObject().put("maxKeyDays", 4)).status())
                .isEqualTo(200);
        assertThat(key.get(VALUE).status()).isEqualTo(200);
        assertThat(owner.patch("/policy", new JsonObject().put("maxKeyDays", 2)).status())
                .isEqualTo(200);
        isRefused(key.get(VALUE), 401, "TOKEN_EXPIRED");
        isRefused(key.at(second.url()).get(VALUE), 401, "TOKEN_EXPIRED");
        assertThat(member.api().get(VALUE).status()).isEqualTo(200);
    }

    @Test
    void aSecondFactorIsAskedForAndShown() {
        assertThat(owner.patch("/policy", new JsonObject().put("requireSecondFactor", true))
                        .data()
                        .getBoolean("requireSecondFactor"))
                .isTrue();
        assertThat(member.api()
                        .get("/members/me")
                        .data()
                        .getJsonObject("policy")
                        .getBoolean("requireSecondFactor"))
                .isTrue();
    }

    @Test
    void nobodyLocksThemselvesOut() {
        JsonObject elsewhere = new JsonObject().put("cidrs", Bodies.texts("192.0.2.0/24"));
        isRefused(owner.patch("/policy", elsewhere, FORWARDED, INSIDE), 400, "INVALID_FIELD");
        UUID old = new UUID((System.currentTimeMillis() - 3 * 86_400_000L) << 16 | 0x7001, 1L << 63);
        Person other = person("other.owner@example.com", Role.OWNER);
        Api key = OldKey.of(server, other, old);
        isRefused(key.patch("/policy", new JsonObject().put("maxKeyDays", 2)), 400, "INVALID_FIELD");
    }

    @Test
    void refusesWhatIsNoPolicy() {
        for (JsonObject body : List.of(
                new JsonObject().put("maxKeyDays", -1),
                new JsonObject().put("maxKeyDays", 3_651),
                new JsonObject().put("requireSecondFactor", "yes"),
                new JsonObject().put("mfa", true))) {
            isRefused(owner.patch("/policy", body), 400, "INVALID_FIELD");
        }
        isRefused(owner.patch("/policy", new JsonObject().put("cidrs", Bodies.texts("all"))), 400, "INVALID_CIDR");
        isRefused(member.api().patch("/policy", new JsonObject()), 403, "SCOPE_MISSING");
        Api confined = withKey(new JsonObject().put("projects", Bodies.texts("default")));
        isRefused(confined.patch("/policy", new JsonObject()), 403, "SCOPE_MISSING");
    }

    /** A policy that somebody wrote into the table, or a seal that was moved there from another organization. */
    @Test
    void aPolicyWithoutItsSealIsRefused() {
        assertThat(owner.get("/policy").status()).isEqualTo(200);
        server.database()
                .execute(
                        "update org set policy_cidrs = '{0.0.0.0/0}', auth_epoch = auth_epoch + 1,"
                                + " changed_epoch = auth_epoch + 1 where org_id = ?",
                        server.orgId());
        isRefused(owner.get("/policy"), 500, "SEALED_VALUE_REFUSED");
        server.database()
                .execute(
                        "update org set policy_cidrs = '{}', auth_epoch = auth_epoch + 1,"
                                + " changed_epoch = auth_epoch + 1 where org_id = ?",
                        server.orgId());
        assertThat(owner.get("/policy").status()).isEqualTo(200);
    }
}
