package com.fyvault.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The document and its page, by status: for anybody, and nothing beside them. */
class DocsRoutesIT extends ServerTest {
    private Api anybody;

    @Override
    protected Map<String, String> settings() {
        return Map.of("postgres.acquire.timeout.millis", "5000");
    }

    @BeforeAll
    void prepare() {
        anybody = server.api(null);
    }

    @Nested
    class Answers200 {
        @Test
        void theDocumentUnderBothPrefixes() {
            Api.Answer document = anybody.get("//api/v1/openapi.json");
            assertThat(document.status()).isEqualTo(200);
            assertThat(document.header("content-type")).isEqualTo("application/json");
            assertThat(document.json().getString("openapi")).startsWith("3.1");
            assertThat(anybody.get("//v1/openapi.json").text()).isEqualTo(document.text());
        }

        @Test
        void thePageAndAllThatItAsksForFromThisServerOnly() {
            Api.Answer page = anybody.get("//docs");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).isEqualTo(anybody.get("//docs/").text());
            Matcher asked = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.text());
            List<String> paths = asked.results().map(found -> found.group(1)).toList();
            assertThat(paths).hasSizeGreaterThanOrEqualTo(5).allMatch(path -> path.startsWith("/"));
            for (String path : paths) {
                assertThat(anybody.get("/" + path).status()).as(path).isEqualTo(200);
            }
        }

        @Test
        void underAPolicyWithoutInlineScriptsOrOtherHosts() {
            Api.Answer page = anybody.get("//docs");
            assertThat(page.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http:", "https:", "*");
            assertThat(page.text()).doesNotContain("<script>", "<style", " style=", " onload");
        }

        @Test
        void whatItSaysOfAnswersIsWhatTheyHold() {
            server.createSecret("SHOWN", "x");
            JsonObject schemas = anybody.get("//v1/openapi.json")
                    .json()
                    .getJsonObject("components")
                    .getJsonObject("schemas");
            Map<String, JsonObject> answers = Map.of(
                    "Secret", server.api().get("/secrets/by-name/SHOWN").data(),
                    "SecretValue",
                            server.api().get("/secrets/by-name/SHOWN/value").data(),
                    "Environment", server.api().get("/environments/production").data(),
                    "Project", server.api().get("/projects/default").data(),
                    "Org", server.api().get("").data(),
                    "ApiKey", server.api().get("/api-keys").list().getJsonObject(0),
                    "AuditEvent", server.api().get("/audit").list().getJsonObject(0),
                    "Error", server.api().get("/secrets/by-name/ABSENT").json());
            answers.forEach((schema, answer) -> {
                Set<String> documented = new TreeSet<>(schemas.getJsonObject(schema)
                        .getJsonObject("properties")
                        .fieldNames());
                // What only some have.
                Set<String> some = Set.of("deleted_at", "provider_id", "providerId", "leaked_at", "leakedAt");
                documented.removeIf(name -> some.contains(name) && !answer.containsKey(name));
                assertThat(new TreeSet<>(answer.fieldNames())).as(schema).isEqualTo(documented);
            });
        }

        @Test
        void headHasTheSameHeadersAndNoBody() {
            Api.Answer head = anybody.send("HEAD", "//docs/start.js", null);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.text()).isEmpty();
        }
    }

    @Nested
    class Answers404 {
        @Test
        void forWhateverElseIsInTheJars() {
            for (String path : List.of(
                    "//docs/index.html",
                    "//docs/logback.xml",
                    "//docs/swagger-ui.js",
                    "//docs/..%2Flogback.xml",
                    "//docs/%2e%2e/openapi.json",
                    "//openapi.json")) {
                Api.Answer answer = anybody.get(path);
                assertThat(answer.status()).as(path).isIn(400, 404);
                assertThat(answer.json().getBoolean("success")).as(path).isFalse();
            }
        }
    }

    @Nested
    class Answers405 {
        @Test
        void forWhatIsNoReading() {
            for (String method : List.of("POST", "PUT", "DELETE")) {
                Api.Answer answer = anybody.send(method, "//docs", "{}");
                assertThat(answer.code()).isEqualTo("METHOD_NOT_ALLOWED");
                assertThat(answer.header("allow")).isEqualTo("GET, HEAD");
            }
        }
    }
}
