package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was found in public is dead, and told to those concerned, once. */
class LeaksIT extends LeakTest {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";

    private JsonObject key(String label) {
        return server.key(new JsonObject().put("label", label).put("scopes", new JsonArray().add("SECRETS_READ")));
    }

    private List<JsonObject> notices() {
        return server.api().get("/notices").list().stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private List<JsonObject> found() {
        return server.api().get("/activity").list().stream()
                .map(JsonObject.class::cast)
                .filter(event -> event.getString("action").equals("leak.found"))
                .toList();
    }

    @Test
    void aKeyThatGithubFoundIsRevokedAndToldOnce() throws NoSuchAlgorithmException {
        var _ = server.addMember("admin@example.com", Role.ADMIN);
        var _ = server.addMember("viewer@example.com", Role.VIEWER);
        JsonObject key = key("deploy");
        String token = key.getString("token");
        assertThat(server.api(token).get(VALUE).status()).isEqualTo(200);
        String unknown = TokenFormat.mint(TokenKind.API_KEY, new SecureRandom()).exposeText();
        Api.Answer answer = report(token, unknown);
        assertThat(labels(answer)).containsExactly("true_positive", "false_positive");
        JsonObject first = new JsonArray(answer.text()).getJsonObject(0);
        assertThat(first.getString("token_hash"))
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(token.getBytes(StandardCharsets.US_ASCII))));
        assertThat(first.getString("token_type")).isEqualTo("fyvault_api_key");
        assertThat(answer.text()).doesNotContain(token);
        assertThat(server.api(token).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        assertThat(server.api().get(VALUE).status()).isEqualTo(200);

        assertThat(notices()).hasSize(1);
        JsonObject notice = notices().get(0);
        assertThat(notice.getString("kind")).isEqualTo("key.leaked");
        assertThat(notice.getJsonArray("recipients"))
                .containsExactlyInAnyOrder("owner@example.com", "admin@example.com");
        assertThat(notice.getJsonObject("payload").getString("tokenId")).isEqualTo(key.getString("id"));
        assertThat(notice.getJsonObject("payload").getString("foundAt")).contains("octocat/Hello-World");
        assertThat(notice.getJsonObject("payload").getString("whatToDo")).isNotBlank();
        assertThat(notice.encode()).doesNotContain(token);
        assertThat(found()).hasSize(1);
        assertThat(found().get(0).getJsonObject("details").getString("token_id"))
                .isEqualTo(key.getString("id"));

        assertThat(report(token, unknown).code()).isEqualTo("LEAK_REPORT_REPEATED");
        assertThat(labels(report(token, token))).containsExactly("true_positive", "true_positive");
        assertThat(notices()).hasSize(1);
        assertThat(found()).hasSize(1);
        assertThat(github.fetches()).isEqualTo(1);
    }

    @Test
    void theOwnerOfAKeyIsToldAsWell() {
        var developer = server.addMember("developer@example.com", Role.DEVELOPER);
        JsonObject key = key("theirs");
        assertThat(labels(report(server.key(new JsonObject()
                                .put("label", "parent")
                                .put("scopes", new JsonArray().add("SECRETS_READ")))
                        .getString("token"))))
                .containsExactly("true_positive");
        assertThat(notices().get(0).getJsonArray("recipients")).doesNotContain("developer@example.com");
        assertThat(developer).isNotNull();
        String session = server.api(key.getString("token"))
                .post("/access-tokens", new JsonObject())
                .data()
                .getString("token");
        assertThat(labels(report(session))).containsExactly("true_positive");
        assertThat(server.api(session).get(VALUE).status()).isEqualTo(401);
        assertThat(server.api(key.getString("token")).get(VALUE).status()).isEqualTo(200);
    }

    @Test
    void aStoredValueIsToldAndNotRevoked() {
        assertThat(labels(report(STORED, STORED + "\n", STORED + "x", "short")))
                .containsExactly("true_positive", "true_positive", "false_positive", "false_positive");
        assertThat(server.api().value("API_KEY")).isEqualTo(STORED);
        assertThat(notices()).hasSize(1);
        JsonObject notice = notices().get(0);
        assertThat(notice.getString("kind")).isEqualTo("secret.leaked");
        assertThat(notice.getJsonObject("payload").getString("secret")).isEqualTo("API_KEY");
        assertThat(notice.getJsonObject("payload").getString("environment")).isEqualTo("production");
        assertThat(notice.encode()).doesNotContain(STORED);
        assertThat(found()).hasSize(1);
        String id = server.api().get("/secrets/by-name/API_KEY").data().getString("id");
        assertThat(server.api()
                        .patch("/secrets/" + id, new JsonObject().put("value", "another value of it"))
                        .status())
                .isEqualTo(200);
        assertThat(labels(report(STORED))).containsExactly("false_positive");
        assertThat(labels(report("another value of it"))).containsExactly("true_positive");
        assertThat(notices()).hasSize(2);
    }

    @Test
    void aValueOfTwoOrganizationsIsToldInEach() {
        var other = server.anotherOrg();
        Api there = server.api().in(other.orgId().toString()).as(other.key().exposeText());
        assertThat(there.post("/secrets", new JsonObject().put("name", "SAME").put("value", STORED))
                        .status())
                .isEqualTo(201);
        assertThat(labels(report(STORED))).containsExactly("true_positive");
        assertThat(notices()).hasSize(1);
        JsonArray told = there.get("/notices").list();
        assertThat(told).hasSize(1);
        assertThat(told.getJsonObject(0).getJsonArray("recipients")).containsExactly("other@example.com");
        assertThat(told.encode()).doesNotContain("API_KEY");
    }

    @Test
    void whoeverHasTheTextMayReportItAndIsToldNothing() {
        String token = key("found").getString("token");
        Api nobody = server.api(null);
        List<String> answers = Stream.of(token, STORED, "nothing of anybody here", token)
                .map(text -> new JsonObject().put("token", text).put("url", "https://paste.example/1"))
                .map(body -> nobody.send("POST", "//api/v1/leaks/report", body.encode()))
                .map(answer -> answer.status() + " " + answer.text() + " " + answer.header("content-length"))
                .distinct()
                .toList();
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0)).startsWith("202 ");
        assertThat(server.api(token).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        assertThat(notices().stream().map(one -> one.getString("kind")))
                .containsExactlyInAnyOrder("key.leaked", "secret.leaked");
        assertThat(notices().get(0).getJsonObject("payload").getString("reportedBy"))
                .isEqualTo("possession");
    }

    @Test
    void whatIsMalformedIsRefused() {
        for (String body :
                List.of("{}", "[", "[1]", "[{\"token\":1}]", "[{}]", "", "[{\"token\":\"a\",\"token\":\"b\"}]")) {
            Api.Answer answer = TestGithub.send(server, body, TestGithub.KEY, TestGithub.sign(github.pair(), body));
            assertThat(answer.status()).as(body).isEqualTo(400);
        }
        Api nobody = server.api(null);
        for (String body : List.of("[]", "{}", "{\"token\":\"a\",\"org\":\"b\"}", "{\"token\":null}")) {
            assertThat(nobody.send("POST", "//api/v1/leaks/report", body).status())
                    .as(body)
                    .isEqualTo(400);
        }
        String large = "[" + "{\"token\":\"x\"},".repeat(ReportReader.MOST) + "{\"token\":\"x\"}]";
        assertThat(TestGithub.send(server, large, TestGithub.KEY, TestGithub.sign(github.pair(), large))
                        .code())
                .isEqualTo("INVALID_FIELD");
        String larger = " ".repeat(2 * 1_024 * 1_024) + "[]";
        assertThat(TestGithub.send(server, larger, TestGithub.KEY, TestGithub.sign(github.pair(), larger))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void withoutAnAddressForKeysThereIsNoSuchRoute() {
        try (TestServer off = TestServer.start()) {
            assertThat(github.report(off, new JsonArray()).code()).isEqualTo("ROUTE_NOT_FOUND");
        }
    }

    @Test
    void anAddressMayReportSoMuchAMinute() {
        try (TestServer few = TestServer.start(Map.of("leaks.reports.minute", "2"))) {
            String body =
                    new JsonObject().put("token", "nothing of anybody here").encode();
            List<Integer> statuses = Stream.of(1, 2, 3)
                    .map(n -> few.api(null)
                            .send("POST", "//v1/leaks/report", body)
                            .status())
                    .toList();
            assertThat(statuses).containsExactly(202, 202, 429);
        }
    }
}
