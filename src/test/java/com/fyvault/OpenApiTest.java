package com.fyvault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.Endpoint;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Scope;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the route table does, no more and no less. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");
    private static Vertx vertx;
    private static JsonObject document;
    private static List<Endpoint> endpoints;

    /** An operation as either side knows it. */
    private record Operation(String method, String path, String operationId, Set<String> scopes) {}

    @BeforeAll
    static void read() throws IOException {
        vertx = Vertx.vertx();
        try (InputStream file = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            document = new JsonObject(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
        }
        endpoints = RouteTable.endpoints(vertx);
    }

    @AfterAll
    static void stop() {
        TestServer.await(vertx.close());
    }

    /**
     * The two rules of aliases: whatever is below the organization is below each project too, under both names of a project,
     * and the document describes the shortest path of each; keys of a team have a path without the organization too.
     */
    private static String described(String path) {
        String vaults = path.replaceFirst("^/orgs/\\{org\\}/vaults", "/orgs/{org}/projects");
        String teams = vaults.replaceFirst("^/teams/", "/orgs/{org}/teams/");
        return teams.replaceFirst("^/orgs/\\{org\\}/projects/\\{project\\}/(secrets|environments)", "/orgs/{org}/$1");
    }

    private static void eachOperation(BiConsumer<String, JsonObject> visit) {
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (METHODS.contains(method)) {
                    visit.accept(method + " " + path, paths.getJsonObject(path).getJsonObject(method));
                }
            }
        }
    }

    private static boolean isManagement(JsonObject operation) {
        return operation.getJsonArray("tags").contains("Management");
    }

    private static Set<Operation> documented() {
        Set<Operation> all = new HashSet<>();
        eachOperation((where, operation) -> {
            if (!isManagement(operation)) {
                Set<String> scopes = operation.getJsonArray("security").stream()
                        .flatMap(any -> ((JsonObject) any).getJsonArray("bearer").stream())
                        .map(String::valueOf)
                        .collect(Collectors.toSet());
                String[] parts = where.split(" ", 2);
                all.add(new Operation(parts[0], parts[1], operation.getString("operationId"), scopes));
            }
        });
        return all;
    }

    @Test
    void everyEndpointIsDocumentedAndNothingElse() {
        Set<Operation> mounted = endpoints.stream()
                .map(endpoint -> new Operation(
                        endpoint.method().name().toLowerCase(java.util.Locale.ROOT),
                        described(endpoint.path()),
                        endpoint.operationId(),
                        endpoint.scopes().stream().map(Scope::name).collect(Collectors.toSet())))
                .collect(Collectors.toSet());
        assertThat(documented()).containsExactlyInAnyOrderElementsOf(mounted);
    }

    @Test
    void aliasesAreOfWhatIsDocumentedUnderItsOwnName() {
        Set<String> paths = endpoints.stream().map(Endpoint::path).collect(Collectors.toSet());
        assertThat(paths).containsAll(paths.stream().map(OpenApiTest::described).toList());
    }

    @Test
    void itIsValidOpenApi() {
        // The reader knows whole addresses of servers only, one base path, no forms and no streams; OpenAPI allows
        // more.
        JsonObject server = new JsonObject().put("url", "http://vault.example/api/v1");
        JsonObject whole = document.copy().put("servers", new JsonArray().add(server));
        JsonObject exchange = whole.getJsonObject("paths")
                .getJsonObject("/auth/oidc/exchange")
                .getJsonObject("post")
                .getJsonObject("requestBody");
        assertThat(exchange.getJsonObject("content").remove("application/x-www-form-urlencoded"))
                .isNotNull();
        JsonObject stream = whole.getJsonObject("paths")
                .getJsonObject("/orgs/{org}/events")
                .getJsonObject("get")
                .getJsonObject("responses")
                .getJsonObject("200");
        assertThat(stream.getJsonObject("content").remove("text/event-stream")).isNotNull();
        OpenAPIContract contract = TestServer.await(OpenAPIContract.from(vertx, whole));
        assertThat(contract.operations())
                .hasSizeGreaterThanOrEqualTo(documented().size());
    }

    @Test
    void operationIdsAreUsedOnce() {
        List<String> ids = new ArrayList<>();
        eachOperation((where, operation) -> ids.add(operation.getString("operationId")));
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        Set<String> referred = new TreeSet<>();
        Matcher references = Pattern.compile("\"\\$ref\":\"#/([^\"]+)\"").matcher(document.encode());
        while (references.find()) {
            referred.add(references.group(1));
        }
        Set<String> present = new TreeSet<>();
        JsonObject components = document.getJsonObject("components");
        for (String kind : Set.of("schemas", "responses", "parameters", "headers")) {
            components.getJsonObject(kind).fieldNames().forEach(name -> present.add("components/" + kind + "/" + name));
        }
        assertThat(referred).containsExactlyElementsOf(present);
    }

    @Test
    void everyParameterOfAPathIsDeclared() {
        JsonObject known = document.getJsonObject("components").getJsonObject("parameters");
        eachOperation((where, operation) -> {
            Set<String> declared = operation.getJsonArray("parameters", new JsonArray()).stream()
                    .map(JsonObject.class::cast)
                    .map(parameter -> parameter.containsKey("$ref")
                            ? known.getJsonObject(parameter.getString("$ref").replaceFirst(".*/", ""))
                            : parameter)
                    .filter(parameter -> parameter.getString("in").equals("path"))
                    .map(parameter -> parameter.getString("name"))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> named = new TreeSet<>();
            Matcher braces = Pattern.compile("\\{([^}]+)}").matcher(where);
            while (braces.find()) {
                named.add(braces.group(1));
            }
            assertThat(declared).as(where).isEqualTo(named);
        });
    }

    @Test
    void errorsAreThoseOfTheServerEachUnderItsStatus() {
        JsonObject schema =
                document.getJsonObject("components").getJsonObject("schemas").getJsonObject("ErrorCode");
        assertThat(schema.getJsonArray("enum").stream().map(String::valueOf))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
        Map<String, Integer> statuses = new TreeMap<>();
        Arrays.stream(ErrorCode.values()).forEach(code -> statuses.put(code.name(), code.status()));
        eachOperation((where, operation) -> {
            JsonObject responses = operation.getJsonObject("responses");
            for (String status : responses.fieldNames()) {
                String text = responses.getJsonObject(status).getString("description", "");
                for (String word : text.split("[^A-Z_]+", -1)) {
                    if (word.contains("_")) {
                        assertThat(statuses).as(where).containsEntry(word, Integer.valueOf(status));
                    }
                }
            }
        });
    }

    @Test
    void whatMayBeRepeatedTakesAKeyForIt() {
        eachOperation((where, operation) -> {
            boolean takes = operation
                    .getJsonArray("parameters", new JsonArray())
                    .encode()
                    .contains("IdempotencyKey");
            boolean write = endpoints.stream()
                    .filter(endpoint -> endpoint.operationId().equals(operation.getString("operationId")))
                    .anyMatch(endpoint -> endpoint.work() instanceof Endpoint.Write);
            assertThat(takes).as(where).isEqualTo(write);
        });
    }
}
