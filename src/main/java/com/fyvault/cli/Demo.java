package com.fyvault.cli;

import static com.fyvault.cli.DemoSecret.ENVIRONMENTS;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Fills an organization with something to look at, over the API and with the owner's key, as anybody
 * would; the API keys, which a key cannot make, it makes as whoever runs the server. It looks first and adds only what is missing, so that one which was cut short can be run
 * again. No token that it makes is shown: the keys are there to be seen, not to be used.
 */
final class Demo {
    /** Requests at once. More gain nothing: writes to one environment take turns. */
    private static final int AT_ONCE = 6;

    private final ApiClient api;
    private final Keys makeKey;

    /** Makes an API key that a request for one describes. */
    @FunctionalInterface
    interface Keys {
        void make(JsonObject request) throws IOException;
    }

    Demo(ApiClient api, Keys makeKey) {
        this.api = api;
        this.makeKey = makeKey;
    }

    /** Adds what is missing; says what was added. */
    String fill() throws IOException {
        List<DemoSecret> secrets = DemoSecret.all();
        addProjects(secrets);
        int versions = addSecrets(secrets);
        int keys = addKeys();
        int sessions = addMissing("/access-tokens", "label", List.of(session()));
        int agents = addMissing("/agent-credentials", "name", List.of(agent()));
        int providers = addMissing("/providers", "name", List.of(provider()));
        int devices = addMissing("/devices", "name", List.of(device()));
        assignTo(device().getString("name"));
        int opened = addMissing("/break-glass", "reason", List.of(breakGlass()));
        return "The demo: " + secrets.size() + " secrets in "
                + projectsOf(secrets).size() + " projects with "
                + ENVIRONMENTS.size() + " environments each; added " + versions + " versions, " + keys
                + " keys, " + sessions + " sessions, " + agents + " agents, "
                + providers + " providers, " + devices + " devices and " + opened + " break-glass tokens.";
    }

    private void addProjects(List<DemoSecret> secrets) throws IOException {
        Set<String> there = textsOf(api.list("/projects"), "name");
        for (String project : projectsOf(secrets)) {
            if (!there.contains(project)) {
                var _ = api.post("/projects", new JsonObject().put("name", project));
            }
        }
    }

    private int addSecrets(List<DemoSecret> secrets) throws IOException {
        Map<String, Known> known = new HashMap<>();
        for (String project : projectsOf(secrets)) {
            for (String environment : ENVIRONMENTS) {
                for (Object item : api.list("/projects/" + project + "/secrets?environment=" + environment)) {
                    JsonObject secret = (JsonObject) item;
                    known.computeIfAbsent(
                                    project + "/" + secret.getString("name"), name -> new Known(secret.getString("id")))
                            .versions
                            .put(environment, secret.getInteger("version"));
                }
            }
        }
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (DemoSecret secret : secrets) {
            tasks.add(() -> addVersions(secret, known.get(secret.project() + "/" + secret.name())));
        }
        return runAll(tasks);
    }

    /** Brings a secret to the versions that it should have; how many were added. */
    private int addVersions(DemoSecret secret, @Nullable Known known) throws IOException {
        String secrets = "/projects/" + secret.project() + "/secrets";
        @Nullable String id = known == null ? null : known.id;
        int added = 0;
        for (int i = 0; i < ENVIRONMENTS.size(); i++) {
            String environment = ENVIRONMENTS.get(i);
            int from = known == null ? 0 : known.versions.getOrDefault(environment, 0);
            for (int version = from + 1; version <= secret.versions().get(i); version++, added++) {
                if (id == null) {
                    id = api.post(secrets + "?environment=" + environment, secret.toCreate(environment))
                            .getString("id");
                } else {
                    api.patch(
                            secrets + "/" + id + "?environment=" + environment,
                            new JsonObject().put("value", secret.value(environment, version)));
                }
            }
        }
        return added;
    }

    private int addKeys() throws IOException {
        Set<String> there = textsOf(api.list("/api-keys"), "label");
        int added = 0;
        for (JsonObject key : keys()) {
            if (!there.contains(key.getString("label"))) {
                makeKey.make(key);
                added++;
            }
        }
        return added;
    }

    /** Makes the tokens whose name, under that field, is not in the list yet; how many. */
    private int addMissing(String list, String field, List<JsonObject> tokens) throws IOException {
        Set<String> there = textsOf(api.list(list), field);
        int added = 0;
        for (JsonObject token : tokens) {
            if (!there.contains(token.getString(field))) {
                var _ = api.post(list, token);
                added++;
            }
        }
        return added;
    }

    /** One of each shape: by scope, project, environment, secret, address and life. */
    private static List<JsonObject> keys() {
        return List.of(
                key("Web shop, production", 365, "SECRETS_READ")
                        .put("projects", texts("web-shop"))
                        .put("environments", texts("production")),
                key("Billing worker", 90, "SECRETS_READ")
                        .put("projects", texts("billing"))
                        .put("secrets", texts("STRIPE_*", "LEDGER_DATABASE_URL"))
                        .put("cidrs", texts("10.20.0.0/16", "2001:db8:20::/48")),
                key("Build pipeline", 30, "SECRETS_READ", "SECRETS_WRITE").put("environments", texts("staging")),
                key("Developers", 365, "SECRETS_READ", "SECRETS_WRITE").put("environments", texts("development")),
                key("Data platform, rotation job", 180, "SECRETS_WRITE").put("projects", texts("data-platform")),
                key("Auditor", 14, "AUDIT_READ"),
                key("Integration tests", 90, "SECRETS_READ", "SECRETS_WRITE").put("kind", "test"),
                new JsonObject()
                        .put("label", "Web shop, in the browser")
                        .put("kind", "public")
                        .put("expiresInDays", 365));
    }

    private static JsonObject session() {
        return new JsonObject()
                .put("label", "Nightly report")
                .put("ttlSeconds", 86_400)
                .put("scopes", texts("SECRETS_READ"))
                .put("projects", texts("data-platform"));
    }

    private static JsonObject agent() {
        return new JsonObject()
                .put("name", "Support assistant")
                .put("agentType", "ai_assistant")
                .put("description", "Answers mail; reads what it needs for that")
                .put("scopes", texts("SECRETS_READ"))
                .put("allowedSecrets", texts("STRIPE_*"))
                .put("allowedEnvironments", texts("staging"))
                .put("maxTtlSeconds", 2_592_000)
                .put("rateLimitRpm", 60);
    }

    private static JsonObject provider() {
        return new JsonObject()
                .put("name", "Payment provider")
                .put("providerType", "payments")
                .put("description", "Rotates the keys that it has issued")
                .put("allowedEnvironments", texts("production"))
                .put("allowedSecretPrefix", "STRIPE_")
                .put("rateLimitRpm", 60)
                .put("ipAllowlist", texts("203.0.113.0/24"));
    }

    private static JsonObject device() {
        return new JsonObject()
                .put("name", "Till in the shop")
                .put("hostname", "till-1.example.com")
                .put("allowedEnvironments", texts("production"));
    }

    /** Gives the device a secret of the web shop; to give it again changes nothing. */
    private void assignTo(String device) throws IOException {
        JsonObject secret = api.list("/projects/web-shop/secrets").getJsonObject(0);
        for (Object item : api.list("/devices")) {
            JsonObject there = (JsonObject) item;
            if (device.equals(there.getString("name"))) {
                var _ = api.post(
                        "/devices/" + there.getString("id") + "/secrets",
                        new JsonObject().put("secretId", secret.getString("id")));
            }
        }
    }

    private static JsonObject breakGlass() {
        return new JsonObject()
                .put("reason", "A demonstration: nothing is on fire")
                .put("ttlMinutes", 1)
                .put("environmentId", "development");
    }

    private static JsonObject key(String label, int days, String... scopes) {
        return new JsonObject().put("label", label).put("expiresInDays", days).put("scopes", texts(scopes));
    }

    private static JsonArray texts(String... texts) {
        return new JsonArray(List.of(texts));
    }

    private static List<String> projectsOf(List<DemoSecret> secrets) {
        return secrets.stream().map(DemoSecret::project).distinct().toList();
    }

    private static Set<String> textsOf(JsonArray items, String field) {
        Set<String> texts = new HashSet<>();
        items.forEach(item -> texts.add(((JsonObject) item).getString(field)));
        return texts;
    }

    /** Runs the tasks a few at a time; the sum of what they answer, or the first failure. */
    private static int runAll(List<Callable<Integer>> tasks) throws IOException {
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            int sum = 0;
            for (Future<Integer> done : pool.invokeAll(tasks)) {
                sum += done.get();
            }
            return sum;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException lost) {
                throw lost;
            }
            if (failed.getCause() instanceof CliError refused) {
                throw refused;
            }
            throw new CliError("the demo stopped: " + failed.getCause(), failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CliError("interrupted", stop);
        }
    }

    /** What an earlier run has left of a secret: its id, and the version it has in each environment. */
    private static final class Known {
        private final String id;
        private final Map<String, Integer> versions = new HashMap<>();

        Known(String id) {
            this.id = id;
        }
    }
}
