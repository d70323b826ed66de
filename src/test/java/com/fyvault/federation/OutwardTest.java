package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where this server connects to on the word of a tenant. */
class OutwardTest {
    private final Outward outward = new Outward(List.of(), false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "3fff::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "ff02::1"
            })
    void noPrivateAddressIsConnectedTo(String address) {
        assertThat(outward.allows(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "192.167.255.255", "100.128.0.1", "2606:4700::1111", "2a00::1"})
    void publicOnesAre(String address) {
        assertThat(outward.allows(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void rangesOfTheOperatorAreToo() {
        Outward wider = new Outward(List.of("10.1.0.0/16"), false);
        assertThat(wider.allows(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
        assertThat(wider.allows(InetAddress.ofLiteral("10.2.2.3"))).isFalse();
        assertThat(new Outward(List.of(), true).allows(InetAddress.ofLiteral("127.0.0.1")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example",
                "ftp://issuer.example",
                "file:///etc/passwd",
                "https://",
                "https://u:p@issuer.example",
                "https://issuer.example?x",
                "https://issuer.example#x",
                "https://issuer.example:0/",
                "https://issuer.example:65536/",
                "https://issuer.example/ x",
                "https://issuer.example/\u00e4",
                "issuer.example",
                "//issuer.example",
                "http://127.0.0.1:8200",
                "gopher://127.0.0.1"
            })
    void onlyPlainHttpsAddressesAreTaken(String text) {
        assertThat(outward.target(text)).isNull();
    }

    @Test
    void plainHttpIsForThisMachineInDevelopmentOnly() {
        Outward development = new Outward(List.of(), true);
        assertThat(development.target("http://127.0.0.1:8200/x")).isNotNull();
        assertThat(development.target("http://issuer.example")).isNull();
        assertThat(outward.target("https://issuer.example:8443/path")).isNotNull();
    }

    /** The server of the test lies at an address that is refused: it must not hear of it, by name or by number. */
    @Test
    void aRefusedAddressIsNotEvenConnectedTo() {
        Vertx vertx = Vertx.vertx();
        AtomicInteger heard = new AtomicInteger();
        try {
            HttpServer server = TestServer.await(vertx.createHttpServer()
                    .connectionHandler(connection -> heard.incrementAndGet())
                    .requestHandler(request -> heard.incrementAndGet())
                    .listen(0, "127.0.0.1"));
            HttpKeyFetch fetch = new HttpKeyFetch(vertx, outward);
            int tried = 0;
            for (String host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433")) {
                String url = "https://" + host + ":" + server.actualPort() + "/keys";
                for (KeySource source : List.of(new KeySource.Url(url), new KeySource.Discovery(url))) {
                    tried++;
                    boolean failed = TestServer.await(
                            fetch.fetch(source).transform(done -> Future.succeededFuture(done.failed())));
                    assertThat(failed).as(url).isTrue();
                }
            }
            assertThat(tried).isEqualTo(10);
            assertThat(heard).hasValue(0);
        } finally {
            TestServer.await(vertx.close());
        }
    }
}
