package com.fyvault.proofs;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.RedisLiar;
import com.fyvault.support.StallProxy;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * T16 and T17 together: reads that need Redis, for the token's decision and for its limits, while it is in a
 * black hole, is flushed, or lies. There are more tokens than decisions fit into memory, and one of five may not
 * read: what a lie would give away is a value for one of those.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisFaultsIT {
    private static final int CLIENTS = 8;
    private static final int READS = Lane.count(20_000, 2_000);
    private static final int TOKENS = 600;
    private static final int BLIND = 5;
    private static final String VALUE = "/secrets/by-name/HOT/value";

    private final List<Api> clients = new ArrayList<>();
    private TestRedis redis;
    private StallProxy proxy;
    private TestServer server;
    private RedisLiar liar;
    private Api key;
    private long healthy;

    @BeforeAll
    void start() {
        redis = TestRedis.own();
        proxy = new StallProxy(redis.port());
        Map<String, String> settings = new HashMap<>(redis.settings());
        settings.put("redis.url", "redis://127.0.0.1:" + proxy.port());
        settings.put("cache.decisions", "100");
        server = TestServer.start(settings);
        server.createSecret("HOT", "value");
        JsonObject body = new JsonObject()
                .put("label", "hot")
                .put("scopes", new JsonArray().add("SECRETS_READ").add("AUDIT_READ"))
                .put("limits", new JsonObject().put("perSecond", 1_000_000).put("perDay", 900_000_000));
        key = server.api(server.key(body).getString("token"));
        for (int i = 0; i < TOKENS; i++) {
            clients.add(key.as(mint(isBlind(i) ? "AUDIT_READ" : "SECRETS_READ").getString("token")));
        }
        Bootstrap.Made other = server.anotherOrg();
        Api foreign = server.api(other.key().exposeText()).in(other.orgId().toString());
        assertThat(foreign.get("/secrets").status()).isEqualTo(200);
        liar = new RedisLiar(redis, settings.get("redis.prefix"));
        healthy = Figures.percentile(judged("no fault", Load.start(CLIENTS, READS, this::read), ""), 0.99);
    }

    @AfterAll
    void stop() {
        liar.close();
        server.close();
        proxy.close();
        redis.close();
    }

    @Test
    void readsGoOnWhileRedisIsInABlackHole() {
        long before = proxy.harmed();
        Load load = Load.start(CLIENTS, READS, this::read);
        proxy.set(StallProxy.Fault.SWALLOW);
        List<Load.Sample> samples = load.finish();
        proxy.set(StallProxy.Fault.NONE);
        assertThat(proxy.harmed()).isGreaterThan(before);
        judge("in a black hole", samples, "harmed bytes=" + (proxy.harmed() - before));
        liar.await(() -> server.metric("fyvault_redis_up") == 1);
    }

    @Test
    void readsGoOnWhileRedisIsFlushed() {
        Load load = Load.start(CLIENTS, READS, this::read);
        int flushes = liar.flushUntil(() -> load.samples().size() >= READS);
        judge("flushed", load.finish(), "flushes=" + flushes);
        assertThat(flushes).isPositive();
    }

    @Test
    void readsGoOnWhileRedisLies() {
        List<Load.Sample> all = Load.start(CLIENTS, TOKENS, this::read).finish();
        assertThat(all).hasSize(TOKENS);
        liar.learn();
        // What it has learnt of this organization is out of date from here on, and genuine.
        String revoked = mint("SECRETS_READ").getString("id");
        assertThat(key.delete("/access-tokens/" + revoked).status()).isEqualTo(200);
        assertThat(key.get(VALUE).status()).isEqualTo(200);
        long forged = asked("forged");
        long outdated = asked("outdated");
        Load load = Load.start(CLIENTS, READS, this::read);
        int lies = liar.lieUntil(() -> load.samples().size() >= READS);
        List<Load.Sample> samples = load.finish();
        forged = asked("forged") - forged;
        outdated = asked("outdated") - outdated;
        judge("lying", samples, "lies=" + lies + " alarms=" + forged + " outdated=" + outdated);
        assertThat(forged + outdated).isGreaterThan(Lane.count(1_000, 100));
        assertThat(forged).isPositive();
        assertThat(outdated).isPositive();
    }

    private void judge(String name, List<Load.Sample> samples, String more) {
        long begun = samples.stream().mapToLong(Load.Sample::startNanos).min().orElseThrow();
        long noise = Starvation.worstSince(begun);
        long[] nanos = judged(
                name, samples, more + " healthy p99=" + healthy / 1_000_000 + "ms noise " + noise / 1_000_000 + "ms");
        assertThat(Figures.percentile(nanos, 0.99)).isLessThan(healthy + 50_000_000L + noise);
    }

    private long[] judged(String name, Load load, String more) {
        return judged(name, load.finish(), more);
    }

    private long[] judged(String name, List<Load.Sample> samples, String more) {
        long given = samples.stream()
                .filter(sample -> isBlind(sample.number()) && sample.status() == 200)
                .count();
        List<String> errors = samples.stream()
                .filter(sample -> sample.status() != (isBlind(sample.number()) ? 403 : 200))
                .map(sample ->
                        sample.answer() == null ? "no answer" : sample.answer().text())
                .toList();
        long[] nanos = samples.stream().mapToLong(Load.Sample::nanos).toArray();
        Figures.print(new Figures.Line(
                "T16/17",
                "Redis, " + name,
                0,
                samples.size(),
                errors.size(),
                "believed=" + given + " " + Figures.spread(nanos) + " " + more));
        assertThat(given).as("values for a token that may not read").isZero();
        assertThat(errors).isEmpty();
        return nanos;
    }

    private Api.Answer read(int number) {
        return clients.get(number % TOKENS).get(VALUE);
    }

    private static boolean isBlind(int number) {
        return number % TOKENS % BLIND == 0;
    }

    private JsonObject mint(String scope) {
        JsonObject body = new JsonObject().put("ttlSeconds", 3_600).put("scopes", new JsonArray().add(scope));
        return created(key.post("/access-tokens", body));
    }

    private long asked(String outcome) {
        return server.metric("fyvault_shared_decisions_total{outcome=\"" + outcome + "\"}");
    }
}
