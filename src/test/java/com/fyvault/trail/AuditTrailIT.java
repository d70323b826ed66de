package com.fyvault.trail;

import static com.fyvault.support.Answers.names;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code GET /orgs/{org}/audit}, by status; and the organization and its vaults. */
class AuditTrailIT extends ServerTest {
    private static final String AUDIT = "/audit";
    private static final String VALUE = "/secrets/by-name/API_KEY/value";

    @BeforeAll
    void prepare() {
        server.createSecret("API_KEY", "s3cret");
        server.createSecret("OTHER", "other");
    }

    private JsonObject key(String... scopes) {
        return server.key(new JsonObject().put("label", "reader").put("scopes", texts(scopes)));
    }

    private List<JsonObject> events(String query) {
        return events(owner, query);
    }

    private static List<JsonObject> events(Api api, String query) {
        Api.Answer answer = api.get(AUDIT + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.list().stream().map(JsonObject.class::cast).toList();
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200 {
        @Test
        void anEventSaysWhoDidWhatToWhatFromWhere() {
            JsonObject key = key("SECRETS_READ");
            JsonObject session = owner.as(key.getString("token"))
                    .post("/access-tokens", new JsonObject())
                    .data();
            Api.Answer read = owner.as(session.getString("token")).get(VALUE);
            List<JsonObject> found = events("?request=" + read.requestId());
            assertThat(found).hasSize(1);
            JsonObject event = found.get(0);
            assertThat(event.getString("id"))
                    .isEqualTo(event.getString("event_id"))
                    .isEqualTo(read.requestId());
            assertThat(event.getString("action")).isEqualTo("secret.read");
            assertThat(event.getString("outcome")).isEqualTo("done");
            assertThat(event.getString("token_id")).isEqualTo(session.getString("id"));
            assertThat(event.getString("parent_token_id")).isEqualTo(key.getString("id"));
            assertThat(event.getJsonObject("actor").getString("kind")).isEqualTo("session");
            assertThat(event.getJsonObject("actor").getString("last4")).isEqualTo(session.getString("last4"));
            assertThat(event.getString("secret_name")).isEqualTo("API_KEY");
            assertThat(event.getString("environment")).isEqualTo("production");
            assertThat(event.getLong("version")).isEqualTo(1);
            assertThat(event.getString("address")).isEqualTo("127.0.0.1");
            assertThat(Instant.parse(event.getString("at")))
                    .isBefore(Instant.now().plusSeconds(5));
        }

        @Test
        void everyFilterKeepsWhatItNamesAndNothingElse() {
            JsonObject key = key("SECRETS_READ");
            String id = key.getString("id");
            Api reader = owner.as(key.getString("token"));
            String session =
                    reader.post("/access-tokens", new JsonObject()).data().getString("token");
            assertThat(owner.as(session).get(VALUE).status()).isEqualTo(200);
            assertThat(reader.get("/secrets/by-name/OTHER/value").status()).isEqualTo(200);
            assertThat(reader.get("/api-keys").status()).isEqualTo(403);

            assertThat(events("?actor=" + id)).hasSize(4);
            assertThat(events("?token=" + id))
                    .hasSize(4)
                    .extracting(event -> event.getString("action"))
                    .containsExactly("key.list", "secret.read", "session.mint", "key.create");
            assertThat(events("?actor=" + id + "&secret=api_key")).hasSize(1);
            String secretId = events("?actor=" + id + "&secret=OTHER").get(0).getString("secret_id");
            assertThat(events("?actor=" + id + "&secret=" + secretId)).hasSize(1);
            assertThat(events("?actor=" + id + "&action=secret.read")).hasSize(2);
            assertThat(events("?actor=" + id + "&environment=production")).hasSize(2);
            assertThat(events("?actor=" + id + "&environment=" + server.environmentId("staging")))
                    .isEmpty();
            assertThat(events("?actor=" + id + "&outcome=refused"))
                    .hasSize(1)
                    .extracting(event -> event.getJsonObject("details").getString("code"))
                    .containsExactly("SCOPE_MISSING");
        }

        @Test
        void aTimeRangeIsHalfOpen() {
            JsonObject key = key("SECRETS_READ");
            Api reader = owner.as(key.getString("token"));
            for (int i = 0; i < 3; i++) {
                assertThat(reader.get(VALUE).status()).isEqualTo(200);
            }
            String filter = "?actor=" + key.getString("id") + "&action=secret.read";
            List<JsonObject> all = events(filter);
            String middle = all.get(1).getString("at");
            assertThat(events(filter + "&from=" + middle)).isEqualTo(all.subList(0, 2));
            assertThat(events(filter + "&to=" + middle)).isEqualTo(all.subList(2, 3));
            assertThat(events(filter + "&from=2020-01-01&to=2020-01-02T00:00:00%2B01:00"))
                    .isEmpty();
        }

        @Test
        void pagesLeaveNothingOutAndRepeatNothing() {
            JsonObject key = key("SECRETS_READ");
            Api reader = owner.as(key.getString("token"));
            for (int i = 0; i < 7; i++) {
                assertThat(reader.get(VALUE).status()).isEqualTo(200);
            }
            // One event for the request and one for each value, all with the request's id.
            assertThat(reader.get("/environments/production/values").status()).isEqualTo(200);
            String filter = "?token=" + key.getString("id");
            List<JsonObject> whole = events(filter);
            List<JsonObject> paged = new ArrayList<>();
            String cursor = "";
            do {
                Api.Answer page = owner.get(AUDIT + filter + "&limit=2" + cursor);
                page.list().forEach(event -> paged.add((JsonObject) event));
                cursor = page.header("x-next-cursor").isEmpty() ? "" : "&cursor=" + page.header("x-next-cursor");
            } while (!cursor.isEmpty());
            assertThat(paged).isEqualTo(whole);
            assertThat(new HashSet<>(paged)).hasSameSizeAs(paged);
        }

        @Test
        void aConfinedTokenSeesWhatItReaches() {
            JsonObject confined = server.key(new JsonObject()
                    .put("label", "confined")
                    .put("scopes", new JsonArray().add("AUDIT_READ"))
                    .put("allowedSecrets", new JsonArray().add("OTH*")));
            assertThat(owner.get(VALUE).status()).isEqualTo(200);
            assertThat(owner.get("/secrets/by-name/OTHER/value").status()).isEqualTo(200);
            assertThat(events(owner.as(confined.getString("token")), ""))
                    .isNotEmpty()
                    .allMatch(event -> "OTHER".equals(event.getString("secret_name")));
        }

        @Test
        void anOrganizationSeesItsOwnTrailOnly() {
            var other = server.anotherOrg();
            Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
            Api.Answer mine = owner.get(VALUE);
            assertThat(events(stranger, "?request=" + mine.requestId())).isEmpty();
        }

        @Test
        void theOrganizationIsShownWithBothNamesOfItsId() {
            JsonObject org = owner.get("").data();
            assertThat(org.getString("org_id"))
                    .isEqualTo(org.getString("id"))
                    .isEqualTo(server.orgId().toString());
            assertThat(org.getString("name")).isEqualTo("Proofs");
            assertThat(org.getString("slug")).startsWith("proofs-");
            assertThat(Instant.parse(org.getString("created_at")))
                    .isBefore(Instant.now().plusSeconds(5));
        }

        @Test
        void vaultsAreThoseThatTheTokenMaySee() {
            assertThat(owner.post("/projects", new JsonObject().put("name", "second"))
                            .status())
                    .isLessThan(300);
            for (String prefix : List.of("/v1", "/api/v1")) {
                assertThat(names(owner.get("/" + prefix + "/vaults"))).containsExactly("default", "second");
            }
            JsonObject confined = server.key(new JsonObject()
                    .put("label", "one")
                    .put("scopes", new JsonArray().add("SECRETS_READ"))
                    .put("projects", new JsonArray().add("Second")));
            Api.Answer seen = owner.as(confined.getString("token")).get("//v1/vaults");
            assertThat(names(seen)).containsExactly("second");
            assertThat(seen.list().getJsonObject(0).getString("org_id"))
                    .isEqualTo(server.orgId().toString());
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Refuses {
        @Test
        void with400WhatIsNoFilter() {
            for (String query : List.of(
                    "from=yesterday",
                    "to=2020-13-01",
                    "from=2021-01-01&to=2020-01-01",
                    "from=+1000000-01-01T00:00:00Z",
                    "actor=me",
                    "token=1",
                    "secret=a/b",
                    "environment=a b",
                    "action=secret.fly",
                    "outcome=good",
                    "request=x",
                    "cursor=x",
                    "cursor=" + "!".repeat(54),
                    "limit=0",
                    "limit=1001",
                    "limit=x",
                    "limit=1&limit=2")) {
                String encoded = query.contains("&") ? query : encoded(query);
                Api.Answer answer = owner.get(AUDIT + "?" + encoded);
                assertThat(answer.status()).as(query).isEqualTo(400);
                assertThat(answer.code()).isEqualTo("INVALID_FIELD");
            }
        }

        @Test
        void with403WithoutTheScope() {
            Api reader = owner.as(key("SECRETS_READ").getString("token"));
            assertThat(reader.get(AUDIT).code()).isEqualTo("SCOPE_MISSING");
        }

        @Test
        void with404AForeignOrganizationLikeAnAbsentOne() {
            var other = server.anotherOrg();
            for (String org :
                    List.of(other.orgId().toString(), UUID.randomUUID().toString(), "x")) {
                assertThat(owner.in(org).get("").code()).isEqualTo("ORG_NOT_FOUND");
                assertThat(owner.in(org).get(AUDIT).code()).isEqualTo("ORG_NOT_FOUND");
            }
        }

        private static String encoded(String query) {
            int at = query.indexOf('=') + 1;
            return query.substring(0, at) + URLEncoder.encode(query.substring(at), StandardCharsets.UTF_8);
        }
    }
}
