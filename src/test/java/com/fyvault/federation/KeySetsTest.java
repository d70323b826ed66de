package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.JwsKey;
import com.fyvault.federation.NotAccepted.Reason;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** When keys are fetched, on a clock of the test's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeySetsTest {
    private static final KeySource SOURCE = new KeySource.Discovery("https://issuer.example");

    private Vertx vertx;
    private TestIssuer issuer;
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private Duration maxAge = Duration.ofHours(1);
    private boolean away;
    private JsonObject keys = new JsonObject();
    private KeySets sets;

    @BeforeAll
    void begin() {
        vertx = Vertx.vertx();
        issuer = TestIssuer.start(vertx);
    }

    @AfterAll
    void end() {
        issuer.close();
        TestServer.await(vertx.close());
    }

    @BeforeEach
    void fresh() {
        nanos.set(Long.MAX_VALUE - Duration.ofMinutes(2).toNanos());
        fetches.set(0);
        maxAge = Duration.ofHours(1);
        away = false;
        keys = issuer.jwks();
        sets = new KeySets(vertx, this::fetch, nanos::get);
    }

    private Future<KeyFetch.Fetched> fetch(KeySource source) {
        fetches.incrementAndGet();
        KeySet set = KeySet.parse(StrictJson.object(keys.encode()));
        return away || set == null
                ? Future.failedFuture(new IllegalStateException("away"))
                : Future.succeededFuture(new KeyFetch.Fetched(set, maxAge));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private IdentityToken token(String keyId) {
        return IdentityToken.parse(issuer.token("RS256", keyId, issuer.claims("someone")));
    }

    /** Null when the key is there, else why not. */
    private @Nullable Reason find(String keyId) {
        Future<JwsKey> found = sets.find(SOURCE, token(keyId));
        Promise<Object> done = Promise.promise();
        found.onComplete(ended -> done.complete(ended.succeeded() ? "" : ended.cause()));
        Object result = TestServer.await(done.future());
        return result instanceof NotAccepted refused ? refused.reason() : null;
    }

    @Test
    void aKnownKeyIsFetchedOnceUntilItIsStale() {
        for (int i = 0; i < 100; i++) {
            assertThat(find(TestIssuer.RSA)).isNull();
        }
        assertThat(fetches).hasValue(1);
        pass(Duration.ofMinutes(59));
        assertThat(find(TestIssuer.RSA)).isNull();
        assertThat(fetches).hasValue(1);
        pass(Duration.ofMinutes(2));
        assertThat(find(TestIssuer.RSA)).isNull();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void unknownKeysAreAskedForOnceAMinute() {
        for (int second = 0; second < 180; second++) {
            assertThat(find("made-up-" + second)).isEqualTo(Reason.KEY_UNKNOWN);
            pass(Duration.ofSeconds(1));
        }
        assertThat(fetches).hasValue(3);
    }

    @Test
    void aNewKeyIsFoundAMinuteLaterAndAnOldOneIsGone() {
        assertThat(find(TestIssuer.RSA)).isNull();
        keys.getJsonArray("keys").getJsonObject(0).put("kid", "rsa-2");
        assertThat(find("rsa-2")).isEqualTo(Reason.KEY_UNKNOWN);
        pass(Duration.ofSeconds(61));
        assertThat(find("rsa-2")).isNull();
        assertThat(find(TestIssuer.RSA)).isEqualTo(Reason.KEY_UNKNOWN);
    }

    @Test
    void anAgeOutsideTheBoundsIsBrought() {
        maxAge = Duration.ZERO;
        assertThat(find(TestIssuer.RSA)).isNull();
        pass(Duration.ofMinutes(4));
        assertThat(find(TestIssuer.RSA)).isNull();
        assertThat(fetches).hasValue(1);
        maxAge = Duration.ofDays(365);
        pass(Duration.ofMinutes(2));
        assertThat(find(TestIssuer.RSA)).isNull();
        assertThat(fetches).hasValue(2);
        pass(Duration.ofHours(23));
        assertThat(find(TestIssuer.RSA)).isNull();
        assertThat(fetches).hasValue(2);
        pass(Duration.ofHours(2));
        assertThat(find(TestIssuer.RSA)).isNull();
        assertThat(fetches).hasValue(3);
    }

    @Test
    void anIssuerThatIsAwayIsBelievedForADayMore() {
        assertThat(find(TestIssuer.RSA)).isNull();
        away = true;
        pass(Duration.ofHours(24));
        assertThat(find(TestIssuer.RSA)).isNull();
        pass(Duration.ofHours(2));
        assertThat(find(TestIssuer.RSA)).isEqualTo(Reason.KEYS_UNAVAILABLE);
        away = false;
        pass(Duration.ofMinutes(2));
        assertThat(find(TestIssuer.RSA)).isNull();
    }

    @Test
    void anIssuerThatNeverAnsweredIsAskedOnceAMinute() {
        away = true;
        for (int i = 0; i < 50; i++) {
            assertThat(find(TestIssuer.RSA)).isEqualTo(Reason.KEYS_UNAVAILABLE);
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aFetchThatWasNotSentDoesNotUseUpTheMinute() {
        KeySets busy = new KeySets(
                vertx,
                source -> fetches.incrementAndGet() == 1 ? Future.failedFuture(new KeyFetch.NotSent()) : fetch(source),
                nanos::get);
        boolean failed = TestServer.await(
                busy.find(SOURCE, token(TestIssuer.RSA)).transform(done -> Future.succeededFuture(done.failed())));
        assertThat(failed).isTrue();
        assertThat(TestServer.await(busy.find(SOURCE, token(TestIssuer.RSA)))).isNotNull();
    }

    @Test
    void thoseWhoAskMeanwhileShareOneFetch() {
        Promise<KeyFetch.Fetched> later = Promise.promise();
        KeySets slow = new KeySets(
                vertx,
                source -> {
                    fetches.incrementAndGet();
                    return later.future();
                },
                nanos::get);
        List<Future<JwsKey>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(slow.find(SOURCE, token(TestIssuer.RSA)));
        }
        later.complete(
                new KeyFetch.Fetched(Objects.requireNonNull(KeySet.parse(StrictJson.object(keys.encode()))), maxAge));
        assertThat(TestServer.await(Future.all(all)).size()).isEqualTo(20);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void keysThatCannotVerifyAreLeftOut() {
        JsonArray list = new JsonArray()
                .add(new JsonObject().put("kty", "oct").put("kid", "a").put("k", "AAAA"))
                .add(keys.getJsonArray("keys")
                        .getJsonObject(0)
                        .copy()
                        .put("kid", "b")
                        .put("use", "enc"))
                .add(keys.getJsonArray("keys")
                        .getJsonObject(0)
                        .copy()
                        .put("kid", "c")
                        .put("alg", "RS512"))
                .add(keys.getJsonArray("keys")
                        .getJsonObject(0)
                        .copy()
                        .put("kid", "d")
                        .put("d", "AQAB"))
                .add(keys.getJsonArray("keys")
                        .getJsonObject(1)
                        .copy()
                        .put("kid", "e")
                        .put("x", "AAAA"))
                .add(new JsonObject()
                        .put("kty", "RSA")
                        .put("kid", "f")
                        .put("n", "AQAB")
                        .put("e", "AQAB"))
                .add("no key");
        assertThat(KeySet.parse(
                        StrictJson.object(new JsonObject().put("keys", list).encode())))
                .isNull();
        list.add(keys.getJsonArray("keys").getJsonObject(0));
        KeySet set = Objects.requireNonNull(KeySet.parse(
                StrictJson.object(new JsonObject().put("keys", list).encode())));
        assertThat(set.find(TestIssuer.RSA, JwsKey.Algorithm.RS256)).isNotNull();
        assertThat(set.find(null, JwsKey.Algorithm.RS256)).isNotNull();
        assertThat(set.find("d", JwsKey.Algorithm.RS256)).isNull();
        assertThat(set.find(TestIssuer.RSA, JwsKey.Algorithm.ES256)).isNull();
    }
}
