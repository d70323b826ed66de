package com.fyvault.support;

import com.fyvault.App;
import com.fyvault.Settings;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.crypto.EnvironmentRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SubKeys;
import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.platform.Preload;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.postgres.Rehearsal;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The real server in this process, on a port of its own, against a database of its own, with an
 * organization and its owner's key. {@link #secondNode} is another one on the same database.
 */
public final class TestServer implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final long BLOCKED_MILLIS = 50;
    private static final long LOOK_MILLIS = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final AtomicBoolean COLD = new AtomicBoolean(true);

    private final Vertx vertx;
    private final App app;
    private final Start start;
    private final Bootstrap.Made made;
    private final boolean first;

    /** What a node starts from; nodes of one installation share it. */
    private record Start(TestDatabase database, String rootKey, Map<String, String> overrides, TestOwner owner) {
        Settings settings(Map<String, String> further) {
            return Settings.from(Config.of(values(further)));
        }

        Map<String, String> values(Map<String, String> further) {
            Map<String, String> values = new HashMap<>(database.settings());
            values.put("http.port", "0");
            values.put("management.port", "0");
            values.put("http.event.loops", "2");
            values.put("profile", "dev");
            // Tests send from one address what would come from many.
            values.put("limits.failures.minute", "1000000");
            values.put("people.logins.minute", "1000000");
            values.put("people.mails.minute", "1000000");
            values.putAll(overrides);
            values.putAll(further);
            return values;
        }

        RootKeySource root() {
            return EnvironmentRootKey.load("TEST_ROOT_KEY", Map.of("TEST_ROOT_KEY", rootKey), "dev", RANDOM);
        }
    }

    private TestServer(Running running, Start start, Bootstrap.Made made, boolean first) {
        this.vertx = running.vertx();
        this.app = running.app();
        this.start = start;
        this.made = made;
        this.first = first;
    }

    private record Running(Vertx vertx, App app) {}

    /** A server on a fresh database of the shared PostgreSQL. */
    public static TestServer start() {
        return start(Map.of());
    }

    /** The same with settings of the test's. */
    public static TestServer start(Map<String, String> overrides) {
        return start(TestPostgres.shared().create(), overrides);
    }

    /** A server on a database of the test's, which it drops when it is closed. */
    public static TestServer start(TestDatabase database, Map<String, String> overrides) {
        if (COLD.getAndSet(false)) {
            FirstRequests.send();
        }
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        Start start = new Start(database, Base64.getEncoder().encodeToString(key), overrides, new TestOwner());
        Running running = run(start, Map.of());
        Bootstrap.Made made = await(running.app().bootstrap().make("Proofs", "owner@example.com"));
        return new TestServer(running, start, made, true);
    }

    /** Another node of this installation. */
    public TestServer secondNode() {
        return secondNode(Map.of());
    }

    /** Another node of this installation, with settings of its own. */
    public TestServer secondNode(Map<String, String> overrides) {
        return new TestServer(run(start, overrides), start, made, false);
    }

    /** Another node of this installation, in a process of its own that reaches PostgreSQL at this port. */
    public NodeProcess processNode(int postgresPort) {
        return processNode(Map.of("postgres.port", Integer.toString(postgresPort)));
    }

    /** The same with settings of its own. */
    public NodeProcess processNode(Map<String, String> overrides) {
        Map<String, String> values = start.values(overrides);
        values.keySet().removeIf(name -> name.startsWith("postgres.owner."));
        values.put("root.key.variable", NodeProcess.ROOT_KEY);
        return NodeProcess.start(values, start.rootKey());
    }

    /** What an operator's command works with, beside this node. */
    public App.Operator operator() {
        return await(App.operator(vertx, start.settings(Map.of()), start.root()));
    }

    /** Makes a member of the organization; their id. */
    @CanIgnoreReturnValue
    public UUID addMember(String email, Role role) {
        Membership member = new Membership(orgId(), UUID.randomUUID(), role);
        RowSeal seals = new RowSeal(start.root().subKeys().rowSeal());
        database().execute("insert into account (user_id, email) values (?, ?)", member.userId(), email);
        database()
                .execute(
                        "insert into membership (org_id, user_id, role, seal) values (?, ?, ?, ?)",
                        member.orgId(),
                        member.userId(),
                        role.text(),
                        member.sealOf(seals).seal());
        return member.userId();
    }

    /** Another organization of this installation, with its own owner and key. */
    public Bootstrap.Made anotherOrg() {
        return await(app.bootstrap().make("Other", "other@example.com"));
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return app.port();
    }

    /** Asks the management port. */
    public Api.Answer management(String path) {
        return new Api("http://127.0.0.1:" + app.managementPort(), "", null).get("/" + path);
    }

    public App app() {
        return app;
    }

    public Vertx vertx() {
        return vertx;
    }

    public TestDatabase database() {
        return start.database();
    }

    /** The keys of this installation, for tests that write what only its nodes could. */
    public SubKeys subKeys() {
        return start.root().subKeys();
    }

    /** A number that this node shows at its management port, by the name and labels that stand before it. */
    public long metric(String name) {
        return management("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    public UUID orgId() {
        return made.orgId();
    }

    public UUID projectId() {
        return made.projectId();
    }

    /** The owner's key: every scope. */
    public String ownerKey() {
        return made.key().exposeText();
    }

    /** The owner as a client. */
    public Api api() {
        return new Api(url(), orgId().toString(), ownerKey());
    }

    /** The owner in person: logged in, with a second factor confirmed a moment ago. */
    public Api person() {
        return start.owner().in(this);
    }

    /** Makes a key of the owner's, as whoever runs the installation: quick, and nobody logs in. */
    @CanIgnoreReturnValue
    public JsonObject key(JsonObject request) {
        return key(orgId(), request);
    }

    /** The same in another organization of this server. */
    @CanIgnoreReturnValue
    public JsonObject key(UUID orgId, JsonObject request) {
        return await(app.ownerKeys().make(orgId, request));
    }

    /** Another holder of a token as a client; null for none. */
    public Api api(@Nullable String token) {
        return api().as(token);
    }

    /** Makes a secret in the default environment; its id. */
    @CanIgnoreReturnValue
    public String createSecret(String name, String value) {
        Api.Answer answer = api().post(
                        "/secrets",
                        new JsonObject()
                                .put("name", name)
                                .put("secretType", "GENERIC")
                                .put("value", value));
        if (answer.status() >= 300) {
            throw new AssertionError("create: " + answer.status() + " " + answer.text());
        }
        return answer.data().getString("id");
    }

    /** The id of an environment of the default project. */
    public UUID environmentId(String name) {
        return (UUID) database()
                .query(
                        "select environment_id from environment where org_id = ? and project_id = ? and name = ?",
                        orgId(),
                        projectId(),
                        name)
                .get(0)
                .get("environment_id");
    }

    /** The result, waited for. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Stops this node, and with the first one the database goes. */
    @Override
    public void close() {
        await(app.stop().transform(stopped -> vertx.close()));
        if (first) {
            start.database().close();
        }
    }

    private static Running run(Start start, Map<String, String> overrides) {
        Settings settings = start.settings(overrides);
        Preload.begin().join();
        Rehearsal.once(settings.postgres().application());
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(settings.http().eventLoops())
                .setBlockedThreadCheckInterval(LOOK_MILLIS)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(LOOK_MILLIS)
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(BLOCKED_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS));
        try {
            return new Running(vertx, await(App.start(vertx, settings, start.root())));
        } catch (RuntimeException failure) {
            vertx.close().onFailure(also -> failure.addSuppressed(also));
            throw failure;
        }
    }
}
