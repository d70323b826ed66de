package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T36: on every route there is, a provider's token is refused but for the four that push, and a device's but for the three that read values. */
class OnlyWhatIsTheirsIT extends ServerTest {
    private static final Set<String> READS = Set.of("listSecrets", "readSecret", "readSecretByName");
    /** Of itself alone. Edited and removed means its values here: a setting is refused as a field that nobody knows. */
    private static final Set<String> PUSHES = Set.of("pushSecret", "pushSecrets", "updateProvider", "revokeProvider");

    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");
    private static final List<String> PLACES =
            List.of("/orgs/{org}/", "/orgs/{org}/projects/default/", "/orgs/{org}/vaults/default/");

    private String secret;
    private String id;

    private record Route(String operation, String method, String path) {}

    @BeforeAll
    void prepare() {
        secret = server.createSecret("HOT", "value");
    }

    @Test
    void aProvidersTokenIsLetInWhereItPushesAndNowhereElse() {
        JsonObject made = server.api()
                .post("/providers", new JsonObject().put("name", "provider"))
                .data();
        id = made.getJsonObject("provider").getString("providerId");
        assertThat(admitted("provider", made.getString("token"), PUSHES)).isEqualTo(PUSHES);
    }

    @Test
    void aDevicesTokenReadsSingleValuesAndTheirList() {
        JsonObject made = server.api()
                .post("/devices", new JsonObject().put("name", "device"))
                .data();
        id = made.getString("id");
        JsonObject assigned = new JsonObject().put("secretId", secret);
        assertThat(server.api().post("/devices/" + id + "/secrets", assigned).status())
                .isEqualTo(200);
        assertThat(admitted("device", made.getString("token"), READS)).isEqualTo(READS);
    }

    /** The operations that answer the token otherwise than that its kind may not do this; of the others each must. */
    private Set<String> admitted(String what, String token, Set<String> own) {
        List<Route> routes = routes();
        assertThat(routes).hasSizeGreaterThan(100);
        Set<String> admitted = new TreeSet<>();
        Api api = server.api(token);
        for (Route route : routes) {
            Api.Answer answer = api.send(route.method(), "//api/v1" + route.path(), body(route.method()));
            if (own.contains(route.operation()) && !"KIND_NOT_ALLOWED".equals(answer.code())) {
                assertThat(answer.status()).as(route.path()).isIn(200, 400);
                admitted.add(route.operation());
            } else {
                assertThat(answer.code()).as(route.toString()).isEqualTo("KIND_NOT_ALLOWED");
            }
        }
        Figures.print(
                new Figures.Line("T36", "routes for a " + what, 0, routes.size(), 0, "admitted=" + admitted.size()));
        return admitted;
    }

    private static String body(String method) {
        return method.equals("GET") || method.equals("DELETE") ? null : "{}";
    }

    /** Every operation of the served document that asks for a token, under each name of its place. */
    private List<Route> routes() {
        JsonObject paths = server.api().get("//api/v1/openapi.json").json().getJsonObject("paths");
        List<Route> routes = new ArrayList<>();
        for (String path : paths.fieldNames()) {
            JsonObject operations = paths.getJsonObject(path);
            for (String method : operations.fieldNames()) {
                if (METHODS.contains(method) && isSecured(operations.getJsonObject(method))) {
                    String operation = operations.getJsonObject(method).getString("operationId");
                    for (String spelled : spellings(path)) {
                        routes.add(new Route(operation, method.toUpperCase(Locale.ROOT), filled(spelled)));
                    }
                }
            }
        }
        return routes;
    }

    private static boolean isSecured(JsonObject operation) {
        JsonArray security = operation.getJsonArray("security", new JsonArray());
        return !security.isEmpty();
    }

    private static List<String> spellings(String path) {
        boolean placed = (path.startsWith("/orgs/{org}/secrets") && !path.endsWith("/trail"))
                || path.startsWith("/orgs/{org}/environments");
        return placed
                ? PLACES.stream()
                        .map(place -> path.replace("/orgs/{org}/", place))
                        .toList()
                : List.of(path);
    }

    private String filled(String path) {
        return path.replace("{org}", server.orgId().toString())
                .replace("{secret}", secret)
                .replace("{name}", "HOT")
                .replace("{environment}", "production")
                .replace("{project}", "default")
                .replace("{token}", id)
                .replaceAll("\\{[a-z]+}", id);
    }
}
