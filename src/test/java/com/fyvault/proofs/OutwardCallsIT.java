package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.federation.Outward;
import com.fyvault.federation.OutwardClient;
import com.fyvault.support.Api;
import com.fyvault.support.Doorman;
import com.fyvault.support.Figures;
import com.fyvault.support.NameServer;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** T47: where this server connects to on the word of somebody else, counted at listening sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutwardCallsIT {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int REBINDS = 200;
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    /** Ways to write, or to name, this machine, its neighbours and what clouds tell their machines. */
    private static final List<String> FORMS = List.of(
            // this machine
            "127.0.0.1",
            "127.0.0.2",
            "127.1.2.3",
            "127.255.255.254",
            "127.1",
            "127.0.1",
            "0",
            "0.0.0.0",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "0177.0.0.01",
            "127.0.0.1.",
            "localhost",
            "LOCALHOST",
            "LocalHost",
            "localhost.",
            "localhost.localdomain",
            "[::1]",
            "[::]",
            "[0:0:0:0:0:0:0:1]",
            "[0000:0000:0000:0000:0000:0000:0000:0001]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[::7f00:1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[fe80::1]",
            "[fe80::1%25lo]",
            "[::1%25lo]",
            "[::ffff:0.0.0.0]",
            // what clouds tell their machines
            "169.254.169.254",
            "169.254.169.254.",
            "169.254.0.1",
            "169.254.170.2",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[fd00:ec2::254]",
            "[fe80::a9fe:a9fe]",
            "100.100.100.200",
            "192.0.0.192",
            "metadata.test",
            // neighbours
            "10.0.0.1",
            "10.255.255.255",
            "167772161",
            "172.16.0.1",
            "172.31.255.254",
            "192.168.0.1",
            "192.168.1",
            "3232235521",
            "0300.0250.0.1",
            "100.64.0.1",
            "198.18.0.1",
            "[::ffff:10.0.0.1]",
            "[::ffff:192.168.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[2002:a00:1::1]",
            "[fc00::1]",
            "[fd12:3456:789a::1]",
            "[fec0::1]",
            "neighbour.test",
            "six.test",
            "mapped.test",
            // nobody, everybody, and examples
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "[ff02::1]",
            "[100::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            // who else is meant
            "127.0.0.1:80@public.test",
            "public.test:443@127.0.0.1",
            "public.test@127.0.0.1",
            "127.0.0.1%2f.test",
            "127.0.0.1%00.test",
            "\u2460\u2461\u2466.0.0.1",
            "127\u30020.0.1",
            "public.test\\@127.0.0.1");

    private NameServer names;
    private Vertx vertx;

    @BeforeAll
    void start() {
        names = NameServer.start(Map.of(
                "metadata.test", List.of(List.of("169.254.169.254")),
                "neighbour.test", List.of(List.of("10.0.0.1"), List.of("192.168.0.1")),
                "six.test", List.of(List.of("fd12:3456::1"), List.of("::1")),
                "mapped.test", List.of(List.of("127.0.0.1")),
                "localhost.localdomain", List.of(List.of("127.0.0.1")),
                "rebind.test", List.of(List.of("127.0.0.2"), List.of("127.0.0.1")),
                "several.test", List.of(List.of("127.0.0.2", "127.0.0.1"), List.of("127.0.0.1", "127.0.0.2"))));
        vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(new AddressResolverOptions()
                        .addServer(names.address())
                        .setCacheMaxTimeToLive(0)
                        .setQueryTimeout(2_000)));
    }

    @AfterAll
    void stop() {
        var _ = TestServer.await(vertx.close());
        names.close();
    }

    private static @Nullable Throwable failure(OutwardClient client, Outward outward, String url) {
        @Nullable URI target = outward.target(url);
        if (target == null) {
            return null;
        }
        return TestServer.await(client.request(HttpMethod.POST, target)
                .compose(request -> request.send())
                .transform(done ->
                        Future.succeededFuture(done.failed() ? done.cause() : new AssertionError("it was answered"))));
    }

    @Test
    void noFormOfAForbiddenAddressIsConnectedTo() {
        Outward outward = new Outward(List.of(), false);
        OutwardClient client = new OutwardClient(vertx, outward, LIMIT);
        List<String> wrong = new ArrayList<>();
        int looked = 0;
        try (Doorman door = Doorman.at("::", 0)) {
            for (String form : FORMS) {
                @Nullable Throwable failure = failure(client, outward, "https://" + form + ":" + door.port() + "/x");
                looked += failure == null ? 0 : 1;
                // Neither connected to nor tried: what is tried ends otherwise.
                if (failure != null
                        && !(failure instanceof OutwardClient.NotAllowed)
                        && !(failure instanceof UnknownHostException)) {
                    wrong.add(form + " " + failure);
                }
            }
            Figures.print(new Figures.Line(
                    "T47",
                    "forms of forbidden addresses",
                    FORMS.size(),
                    looked,
                    door.came() + wrong.size(),
                    "connections=" + door.came()));
            assertThat(FORMS).hasSizeGreaterThanOrEqualTo(80).doesNotHaveDuplicates();
            assertThat(wrong).isEmpty();
            assertThat(door.came()).isZero();
            // The same door is found when it may be: the zero above is no accident.
            Outward wider = new Outward(List.of("127.0.0.0/8"), false);
            assertThat(failure(
                            new OutwardClient(vertx, wider, LIMIT), wider, "https://mapped.test:" + door.port() + "/"))
                    .isNotNull();
            assertThat(door.came()).isEqualTo(1);
        }
    }

    @Test
    void aNameThatChangesItsAddressIsNeverConnectedToAtTheForbiddenOne() {
        Outward outward = new Outward(List.of("127.0.0.2/32"), false);
        OutwardClient client = new OutwardClient(vertx, outward, LIMIT);
        try (Doorman allowed = Doorman.at("127.0.0.2", 0);
                Doorman forbidden = Doorman.at("127.0.0.1", allowed.port())) {
            int refused = 0;
            for (int i = 0; i < REBINDS; i++) {
                String name = i % 2 == 0 ? "rebind.test" : "several.test";
                @Nullable Throwable failure = failure(client, outward, "https://" + name + ":" + allowed.port() + "/");
                refused += failure instanceof OutwardClient.NotAllowed ? 1 : 0;
            }
            Figures.print(new Figures.Line(
                    "T47",
                    "names that change their address",
                    names.asked("rebind.test") + names.asked("several.test"),
                    REBINDS,
                    forbidden.came(),
                    "allowed=" + allowed.came() + " refused=" + refused));
            assertThat(forbidden.came()).isZero();
            assertThat(allowed.came()).isPositive();
            assertThat(refused).isPositive();
            assertThat(allowed.came() + refused).isEqualTo(REBINDS);
        }
    }

    @Test
    void noRedirectIsFollowed() {
        Outward outward = new Outward(List.of(), true);
        OutwardClient client = new OutwardClient(vertx, outward, LIMIT);
        try (Doorman door = Doorman.at("127.0.0.1", 0)) {
            AtomicInteger asked = new AtomicInteger();
            HttpServer server = TestServer.await(vertx.createHttpServer()
                    .requestHandler(request -> request.response()
                            .setStatusCode(REDIRECTS.get(asked.getAndIncrement() % REDIRECTS.size()))
                            .putHeader("location", "http://127.0.0.1:" + door.port() + "/")
                            .end()
                            .onFailure(gone -> asked.addAndGet(0)))
                    .listen(0, "127.0.0.1"));
            URI target = URI.create("http://127.0.0.1:" + server.actualPort() + "/");
            for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST)) {
                for (int status : REDIRECTS) {
                    int answered = TestServer.await(client.request(method, target)
                            .compose(request -> request.send())
                            .map(response -> response.statusCode()));
                    assertThat(answered).isEqualTo(status);
                }
            }
            Figures.print(new Figures.Line("T47", "redirects followed", 2, asked.get(), door.came(), ""));
            assertThat(door.came()).isZero();
            assertThat(asked).hasValue(2 * REDIRECTS.size());
        }
    }

    /** Names are looked at when a message is sent, not when the webhook is made. */
    @Test
    void aWebhookAtANameOfThisMachineIsNotConnectedTo() {
        try (Doorman door = Doorman.at("::", 0);
                TestServer server = TestServer.start()) {
            Api owner = server.api();
            for (String host : List.of("localhost", "localhost.", "LOCALHOST")) {
                JsonObject made = owner.post(
                                "/webhooks", new JsonObject().put("url", "https://" + host + ":" + door.port() + "/"))
                        .data();
                String path = "/webhooks/" + made.getString("id");
                assertThat(owner.post(path + "/test", new JsonObject()).status())
                        .isEqualTo(200);
                String failure = null;
                long end = System.nanoTime() + 10_000_000_000L;
                while (failure == null && System.nanoTime() < end) {
                    failure = owner.get(path + "/deliveries")
                            .list()
                            .getJsonObject(0)
                            .getString("failure");
                }
                assertThat(failure).as(host).isIn("address not allowed", "host not found");
            }
            assertThat(door.came()).isZero();
        }
    }
}
