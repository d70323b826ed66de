package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is taken from an issuer that answers oddly, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpKeyFetchTest {
    private Vertx vertx;
    private TestIssuer issuer;
    private HttpServer odd;
    private HttpKeyFetch fetch;
    private final AtomicInteger followed = new AtomicInteger();

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
        issuer = TestIssuer.start(vertx);
        odd = TestServer.await(
                vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
        fetch = new HttpKeyFetch(vertx, new Outward(List.of(), true));
    }

    @AfterAll
    void stop() {
        TestServer.await(vertx.close());
    }

    private void serve(HttpServerRequest request) {
        String keys = issuer.jwks().encode();
        var response = request.response();
        Future<Void> sent = switch (String.valueOf(request.path())) {
            case "/redirect" ->
                response.setStatusCode(302).putHeader("location", "/followed").end();
            case "/followed" -> {
                followed.incrementAndGet();
                yield response.end(keys);
            }
            case "/missing" -> response.setStatusCode(404).end(keys);
            case "/limit" -> response.end(padded(keys, KeySet.LARGEST));
            case "/large" -> response.end(padded(keys, KeySet.LARGEST + 1));
            case "/chunked" -> response.setChunked(true).end(padded(keys, 10 * KeySet.LARGEST));
            case "/twice" -> response.end("{\"keys\":[]," + keys.substring(1));
            case "/text" -> response.end("<html></html>");
            case "/empty" -> response.end("{\"keys\":[]}");
            case "/aged" ->
                response.putHeader("cache-control", "public, Max-Age=7200, x").end(keys);
            case "/never" -> Future.succeededFuture();
            case "/other/.well-known/openid-configuration" ->
                response.end(new JsonObject()
                        .put("issuer", url("/another"))
                        .put("jwks_uri", issuer.url() + "/keys")
                        .encode());
            case "/inward/.well-known/openid-configuration" ->
                response.end(new JsonObject()
                        .put("issuer", url("/inward"))
                        .put("jwks_uri", "http://192.168.0.1/keys")
                        .encode());
            default -> response.setStatusCode(500).end();
        };
        sent.onFailure(gone -> followed.addAndGet(0));
    }

    private static String padded(String json, int bytes) {
        return json + " ".repeat(bytes - json.length());
    }

    private String url(String path) {
        return "http://127.0.0.1:" + odd.actualPort() + path;
    }

    private boolean fails(KeySource source) {
        return TestServer.await(fetch.fetch(source).transform(done -> Future.succeededFuture(done.failed())));
    }

    private KeyFetch.Fetched keys(String path) {
        return Objects.requireNonNull(TestServer.await(fetch.fetch(new KeySource.Url(url(path)))));
    }

    @Test
    void whatIsNotOnePlainSetOfKeysIsNoAnswer() {
        for (String path :
                List.of("/redirect", "/missing", "/large", "/chunked", "/twice", "/text", "/empty", "/away")) {
            assertThat(fails(new KeySource.Url(url(path)))).as(path).isTrue();
        }
        assertThat(followed).hasValue(0);
        assertThat(keys("/limit").keys()).isNotNull();
    }

    @Test
    void aDocumentOfAnotherIssuerOrWithKeysElsewhereIsRefused() {
        assertThat(fails(new KeySource.Discovery(url("/other")))).isTrue();
        assertThat(fails(new KeySource.Discovery(url("/inward")))).isTrue();
        assertThat(issuer.keySetFetches()).isZero();
        assertThat(fails(new KeySource.Discovery(issuer.url()))).isFalse();
        assertThat(fails(new KeySource.Discovery(issuer.url() + "/"))).isTrue();
    }

    @Test
    void theAgeIsThatOfTheHeader() {
        assertThat(keys("/aged").maxAge()).isEqualTo(Duration.ofHours(2));
        assertThat(keys("/limit").maxAge()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void anIssuerThatNeverEndsIsGivenUp() {
        long start = System.nanoTime();
        assertThat(fails(new KeySource.Url(url("/never")))).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
    }

    @Test
    void aCertificateThatNobodyKnowsIsRefused() {
        SelfSignedCertificate made = SelfSignedCertificate.create("localhost");
        AtomicInteger asked = new AtomicInteger();
        HttpServer secure = TestServer.await(
                vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(made.keyCertOptions()))
                        .requestHandler(request -> asked.incrementAndGet())
                        .listen(0, "127.0.0.1"));
        assertThat(fails(new KeySource.Url("https://localhost:" + secure.actualPort() + "/keys")))
                .isTrue();
        assertThat(asked).hasValue(0);
        made.delete();
    }
}
