package com.fyvault.proofs.doors;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.Scope;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of everything that an organization can have, by the names that the matrix uses. What begins with {@code fresh-} or
 * {@code gone-} is made anew whenever it is asked for, for it is deleted, or undeleted, by the request.
 */
final class Things {
    /** A project other than the default one, which the longer spellings of a route go through. */
    static final String SIDE = "side";

    private static final String DEVELOPMENT = "?environment=development";
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z-]+)}");

    private final TestServer server;
    private final Api owner;
    private final String org;
    private final String mark;
    private final CredentialRows rows;
    private final Map<String, String> kept = new LinkedHashMap<>();
    private final AtomicInteger number = new AtomicInteger();

    /** @param mark what the names of this organization's things end with */
    Things(TestServer server, Api owner, UUID org, String mark) {
        this.server = server;
        this.owner = owner;
        this.org = org.toString();
        this.mark = mark;
        this.rows = new CredentialRows(server);
    }

    /** Makes one of each. */
    Things prepare() {
        String side = created(owner.post("/projects", named(SIDE + mark))).getString("id");
        kept.put("project", side);
        keepPlace("", "");
        keepPlace("/projects/" + side, SIDE + " ");
        keepKey("api-key");
        keepKey("ended-key");
        keepWeak("session", owner.post("/access-tokens", new JsonObject()));
        JsonObject agent = named("agent").put("scopes", texts(Scope.TOKENS_WRITE.name()));
        keepWeak("agent", owner.post("/agent-credentials", agent));
        keepWeak("device", owner.post("/devices", named("device" + mark).put("fingerprint", "print" + mark)));
        keepWeak("ended-device", owner.post("/devices", named("ended")));
        keepWeak("break-glass", owner.post("/break-glass", new JsonObject().put("reason", "one of each")));
        keepProvider("provider");
        keepProvider("ended-provider");
        keepRule("rule");
        keepRule("ended-rule");
        kept.put("user", member());
        kept.put("other-user", member());
        kept.put("team", team());
        kept.put("invitation", invitation());
        keepTeamKey("team-key");
        keepTeamKey("ended-team-key");
        kept.put("webhook", webhook());
        kept.put("leak", leak());
        keepHandle("ended-handle");
        keepHandle("handle");
        return this;
    }

    /** Every id and name of a thing that there is, by what it is. */
    Map<String, String> all() {
        return kept;
    }

    /** The thing of that name; in the side project, where there is one of it in each. */
    String get(String thing, boolean side) {
        return switch (thing) {
            case "n" -> mark.toLowerCase(java.util.Locale.ROOT) + number.incrementAndGet();
            case "org" -> org;
            case "fresh-secret" -> secret(side, "FRESH" + get("n", side));
            case "gone-secret" -> gone(side, "/secrets/" + get("fresh-secret", side));
            case "fresh-environment" -> made(below(side) + "/environments", named("fresh" + get("n", side)));
            case "gone-environment" -> gone(side, "/environments/" + get("fresh-environment", side));
            case "fresh-project" -> made("/projects", named("fresh" + get("n", side)));
            case "gone-project" -> gone(false, "/projects/" + get("fresh-project", side));
            case "fresh-user" -> member();
            case "fresh-name" -> twins("twin" + get("n", false));
            case "fresh-webhook" -> webhook();
            case "fresh-leak" -> leak();
            case "fresh-team" -> team();
            case "fresh-invitation" -> invitation();
            default -> found(thing, side);
        };
    }

    /** The text with a thing in place of each parameter: the one that {@code named} says, or the one of its name. */
    String fill(String text, Map<String, String> named, boolean side) {
        Matcher parameters = PARAMETER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (parameters.find()) {
            String name = parameters.group(1);
            parameters.appendReplacement(filled, get(named.getOrDefault(name, name), side));
        }
        return parameters.appendTail(filled).toString();
    }

    private String found(String thing, boolean side) {
        @Nullable String here = side ? kept.get(SIDE + " " + thing) : null;
        @Nullable String anywhere = here == null ? kept.get(thing) : here;
        if (anywhere == null) {
            throw new IllegalArgumentException("there is no thing named " + thing);
        }
        return anywhere;
    }

    private String below(boolean side) {
        return side ? "/projects/" + kept.get("project") : "";
    }

    private void keepPlace(String below, String name) {
        String secret = "HOT" + mark;
        JsonObject value = new JsonObject().put("name", secret).put("value", "warm");
        kept.put(name + "name", secret);
        kept.put(
                name + "secret",
                created(owner.post(below + "/secrets" + DEVELOPMENT, value)).getString("id"));
        kept.put(
                name + "default-environment",
                owner.get(below + "/environments/production").data().getString("environment_id"));
        kept.put(
                name + "environment",
                owner.get(below + "/environments/development").data().getString("environment_id"));
    }

    private void keepWeak(String thing, Api.Answer made) {
        JsonObject data = created(made);
        for (String id : List.of("credential_id", "sessionId", "id")) {
            if (data.containsKey(id)) {
                kept.put(thing, data.getString(id));
            }
        }
        rows.weaken(kept.get(thing));
    }

    private void keepKey(String thing) {
        JsonObject aPublicOne = new JsonObject().put("label", "key").put("kind", "public");
        kept.put(thing, server.key(UUID.fromString(org), aPublicOne).getString("id"));
        rows.weaken(kept.get(thing));
    }

    private void keepTeamKey(String thing) {
        String owner =
                this.owner.get("/members/me").data().getJsonObject("member").getString("userId");
        JsonObject key = server.key(UUID.fromString(org), new JsonObject().put("label", thing));
        JsonObject body = new JsonObject().put("team", kept.get("team")).put("keys", texts(key.getString("id")));
        Api.Answer handed = this.owner.post("/members/" + owner + "/transfer", body);
        if (handed.status() != 200) {
            throw new AssertionError(handed.text());
        }
        kept.put(thing, key.getString("id"));
        rows.weaken(kept.get(thing));
    }

    private void keepProvider(String thing) {
        JsonObject made = created(owner.post("/providers", named(thing + mark)));
        kept.put(thing, made.getJsonObject("provider").getString("providerId"));
        rows.weaken(kept.get(thing));
    }

    private void keepRule(String thing) {
        JsonObject conditions = new JsonObject().put("sub", "repo:acme/" + thing + mark + ":ref:refs/heads/main");
        JsonObject rule = named(thing)
                .put("type", "github")
                .put("conditions", conditions)
                .put("scopes", texts(Scope.TOKENS_WRITE.name()));
        kept.put(thing, created(owner.post("/trust-rules", rule)).getString("id"));
        rows.weaken(kept.get(thing));
    }

    private void keepHandle(String thing) {
        JsonObject made = created(owner.post(
                "/secrets/by-name/HOT" + mark + "/handle" + DEVELOPMENT, new JsonObject().put("ttlSeconds", 3_600)));
        kept.put(thing, made.getString("handle_id"));
        kept.put(thing + "-text", made.getString("handle"));
    }

    /** The name of a project, an environment and a secret at once. */
    private String twins(String name) {
        String _ = made("/projects", named(name));
        String _ = made("/environments", named(name));
        String _ = secret(false, name);
        return name;
    }

    private String member() {
        return rows.member(UUID.fromString(org), Role.VIEWER).toString();
    }

    private String team() {
        return created(owner.post("/teams", named("team" + get("n", false)))).getString("teamId");
    }

    /** One of a value that nobody has: reported by hand, for the door for reports takes its time. */
    private String leak() {
        UUID id = UUID.randomUUID();
        server.database()
                .execute(
                        "insert into leak (org_id, leak_id, secret_id, environment_id, version, reporter)"
                                + " values (?, ?, gen_random_uuid(), gen_random_uuid(), 1, 'github')",
                        UUID.fromString(org),
                        id);
        return id.toString();
    }

    private String webhook() {
        JsonObject body = new JsonObject()
                .put("url", "https://localhost/" + get("n", false))
                .put("enabled", false);
        // An organization may have 20, and the oldest of them were asked for long ago.
        server.database()
                .execute(("delete from webhook where org_id = '%1$s' and webhook_id not in "
                                + "((select webhook_id from webhook where org_id = '%1$s' order by created_at limit 1) union "
                                + "(select webhook_id from webhook where org_id = '%1$s' order by created_at desc limit 12))")
                        .formatted(org));
        return created(owner.post("/webhooks", body)).getString("id");
    }

    private String invitation() {
        // One for each cell of the matrix is more than an organization may mail in an hour.
        server.database().execute("delete from guess");
        JsonObject invited = new JsonObject().put("email", "invited" + get("n", false) + "@example.com");
        return created(owner.post("/invitations", invited)).getString("invitationId");
    }

    private String secret(boolean side, String name) {
        return made(below(side) + "/secrets" + DEVELOPMENT, named(name).put("value", "warm"));
    }

    private String made(String path, JsonObject body) {
        JsonObject data = created(owner.post(path, body));
        return data.getString(data.containsKey("environment_id") ? "environment_id" : "id");
    }

    private String gone(boolean side, String thing) {
        String path = below(side) + thing;
        Api.Answer answer = owner.delete(path);
        if (answer.status() != 200) {
            throw new AssertionError(path + " " + answer.text());
        }
        return thing.substring(thing.lastIndexOf('/') + 1);
    }
}
