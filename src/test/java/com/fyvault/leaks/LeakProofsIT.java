package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many keys in one report, and reports that nobody signed. */
class LeakProofsIT {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";
    private static final int MATCHES = Lane.count(1_000, 100);
    private static final int FORGED = Lane.count(1_000, 100);
    private static final int REPLAYED = Lane.count(1_000, 100);

    private static TestServer start(TestGithub github) {
        TestServer server = TestServer.start(Map.of("leaks.github.keys", github.url(), "limits.failures.minute", "0"));
        server.createSecret("API_KEY", "s3cret of the proofs");
        return server;
    }

    private static List<String> keys(TestServer server, int count) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(server.key(
                            new JsonObject().put("label", "leaked").put("scopes", new JsonArray().add("SECRETS_READ")))
                    .getString("token"));
        }
        return tokens;
    }

    private static JsonArray entries(List<String> tokens) {
        JsonArray entries = new JsonArray();
        tokens.stream().map(TestGithub::entry).forEach(entries::add);
        return entries;
    }

    /** Keys that still read, or that are refused for another reason than that they are revoked. */
    private static long notRevoked(TestServer server, List<String> tokens) {
        return tokens.stream()
                .map(token -> server.api(token).get(VALUE))
                .filter(answer -> !"TOKEN_REVOKED".equals(answer.code()))
                .count();
    }

    @Test
    void manyMatchesInOneCallAreRevokedAtOnceOnBothNodes() {
        int count = MATCHES;
        try (TestGithub github = new TestGithub();
                TestServer server = start(github);
                TestServer second = server.secondNode()) {
            List<String> tokens = keys(server, count);
            warm(List.of(server, second), tokens);
            assertThat(github.report(server, new JsonArray()).status()).isEqualTo(200);
            long begun = System.nanoTime();
            CompletableFuture<Long> dead =
                    CompletableFuture.supplyAsync(() -> nanosUntilRevoked(server, begun), Thread::startVirtualThread);
            Api.Answer answer = github.report(server, entries(tokens));
            long answered = System.nanoTime() - begun;
            long revoked = dead.join();
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text().split("true_positive", -1)).hasSize(count + 1);
            long wrong = notRevoked(server, tokens) + notRevoked(second, tokens);
            long notices = server.database().count("select count(*) from notice where kind = 'key.leaked'");
            Figures.print(new Figures.Line(
                    "leaks",
                    "signed matches in one call, two nodes",
                    count,
                    2L * count,
                    wrong,
                    "revoked=%dms answered=%dms notices=%d"
                            .formatted(
                                    TimeUnit.NANOSECONDS.toMillis(revoked),
                                    TimeUnit.NANOSECONDS.toMillis(answered),
                                    notices)));
            assertThat(wrong).isZero();
            assertThat(notices).isEqualTo(count);
            assertThat(TimeUnit.NANOSECONDS.toMillis(revoked)).isLessThan(1_000);
            assertThat(TimeUnit.NANOSECONDS.toMillis(answered)).isLessThan(2_000);
            assertThat(github.report(server, again(tokens)).status()).isEqualTo(200);
            assertThat(server.database().count("select count(*) from notice where kind = 'key.leaked'"))
                    .isEqualTo(count);
            assertThat(goesOn(server, second)).isTrue();
            // Also when something else has ended since, and the report comes once more.
            List<String> later = keys(server, 1);
            assertThat(github.report(server, entries(later)).status()).isEqualTo(200);
            assertThat(github.report(server, again(tokens).add(TestGithub.entry("and one more")))
                            .status())
                    .isEqualTo(200);
            assertThat(goesOn(server, second)).isTrue();
        }
    }

    /** The same tokens in another report. */
    private static JsonArray again(List<String> tokens) {
        return entries(tokens).add(TestGithub.entry("something else"));
    }

    /** Afterwards both nodes have each of them in memory, good. */
    private static void warm(List<TestServer> nodes, List<String> tokens) {
        for (TestServer node : nodes) {
            assertThat(tokens)
                    .allSatisfy(token ->
                            assertThat(node.api(token).get(VALUE).status()).isEqualTo(200));
        }
    }

    /** What was not found. */
    private static boolean goesOn(TestServer server, TestServer second) {
        return server.api().get(VALUE).status() == 200
                && second.api().get(VALUE).status() == 200;
    }

    private static long nanosUntilRevoked(TestServer server, long begun) {
        while (server.database().count("select count(*) from credential where label = 'leaked' and revoked_at is null")
                > 0) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(30));
        }
        return System.nanoTime() - begun;
    }

    @Test
    void whatGithubHasNotSignedIsRefused() {
        try (TestGithub github = new TestGithub();
                TestServer server = start(github)) {
            List<String> tokens = keys(server, 1);
            String genuine = entries(tokens).encode();
            KeyPair stranger = TestGithub.pair("secp256r1");
            KeyPair larger = TestGithub.pair("secp384r1");
            int accepted = 0;
            int explained = 0;
            for (int i = 0; i < FORGED; i++) {
                Api.Answer answer = forged(server, new Keys(github.pair(), i % 2 == 0 ? stranger : larger), genuine, i);
                accepted += answer.status() == 401 ? 0 : 1;
                explained += "SIGNATURE_REFUSED".equals(answer.code())
                                && "The signature was not accepted"
                                        .equals(answer.json().getString("error"))
                        ? 0
                        : 1;
            }
            boolean alive = server.api(tokens.get(0)).get(VALUE).status() == 200;
            Figures.print(new Figures.Line(
                    "leaks",
                    "forged, re-keyed, re-serialised reports",
                    FORGED,
                    FORGED,
                    accepted,
                    "key fetches=" + github.fetches()));
            assertThat(accepted).isZero();
            assertThat(explained).isZero();
            assertThat(alive).isTrue();
            // Unknown names of keys were many; in a minute they are asked for once.
            assertThat(github.fetches()).isLessThanOrEqualTo(3);
        }
    }

    /** A report that was answered, once more: under its signature, under a new one, and in parallel. */
    @Test
    void whatWasAnsweredIsNotAcceptedAgain() {
        try (TestGithub github = new TestGithub();
                TestServer server = start(github);
                TestServer second = server.secondNode()) {
            String genuine = entries(keys(server, 2)).encode();
            String signature = TestGithub.sign(github.pair(), genuine);
            assertThat(TestGithub.send(server, genuine, TestGithub.KEY, signature)
                            .status())
                    .isEqualTo(200);
            String counted =
                    "select (select count(*) from notice) + (select count(*) from leak) + sum(auth_epoch) from org";
            long before = server.database().count(counted);
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger unexplained = new AtomicInteger();
            IntStream.range(0, REPLAYED).parallel().forEach(i -> {
                String signed = i % 2 == 0 ? signature : TestGithub.sign(github.pair(), genuine);
                Api.Answer answer = TestGithub.send(i % 3 == 0 ? second : server, genuine, TestGithub.KEY, signed);
                accepted.addAndGet(answer.status() == 409 ? 0 : 1);
                unexplained.addAndGet("LEAK_REPORT_REPEATED".equals(answer.code()) ? 0 : 1);
            });
            long changed = server.database().count(counted) - before;
            Figures.print(new Figures.Line(
                    "leaks",
                    "replayed reports, two nodes, old and new signatures",
                    REPLAYED,
                    REPLAYED,
                    accepted.get(),
                    "changed=" + changed));
            assertThat(accepted).hasValue(0);
            assertThat(unexplained).hasValue(0);
            assertThat(changed).isZero();
            // Of the same body at once one is taken.
            String fresh = entries(keys(server, 1)).encode();
            long taken = IntStream.range(0, 32)
                    .parallel()
                    .map(i -> TestGithub.send(
                                    i % 2 == 0 ? server : second,
                                    fresh,
                                    TestGithub.KEY,
                                    TestGithub.sign(github.pair(), fresh))
                            .status())
                    .filter(status -> status == 200)
                    .count();
            assertThat(taken).isEqualTo(1);
        }
    }

    /** Whoever sends it had no answer: the node died, or the database was away. Then it is taken once more. */
    @Test
    void whatWasNotAnsweredIsAcceptedAgain() {
        try (TestGithub github = new TestGithub();
                TestServer server = start(github)) {
            List<String> tokens = keys(server, 1);
            String genuine = entries(tokens).encode();
            String signature = TestGithub.sign(github.pair(), genuine);
            server.database().execute("alter table leak rename to leak_away");
            assertThat(TestGithub.send(server, genuine, TestGithub.KEY, signature)
                            .status())
                    .isGreaterThanOrEqualTo(500);
            server.database().execute("alter table leak_away rename to leak");
            assertThat(notRevoked(server, tokens)).isEqualTo(1);
            assertThat(TestGithub.send(server, genuine, TestGithub.KEY, signature)
                            .status())
                    .isEqualTo(200);
            assertThat(notRevoked(server, tokens)).isZero();
            // A node that dies with a report in hand leaves what it has noted behind.
            server.database()
                    .execute(
                            "update leak_report set answered_at = null, taken_at = clock_timestamp() - interval '2 minutes'");
            assertThat(TestGithub.send(server, genuine, TestGithub.KEY, signature)
                            .status())
                    .isEqualTo(200);
            server.database().execute("update leak_report set answered_at = null, taken_at = clock_timestamp()");
            assertThat(TestGithub.send(server, genuine, TestGithub.KEY, signature)
                            .status())
                    .isEqualTo(409);
        }
    }

    /** GitHub's, and one of a stranger's. */
    private record Keys(KeyPair good, KeyPair bad) {}

    private static Api.Answer forged(TestServer server, Keys keys, String genuine, int i) {
        KeyPair good = keys.good();
        String right = TestGithub.sign(good, genuine);
        byte[] bytes = Base64.getDecoder().decode(right);
        String body = genuine;
        @Nullable String key = TestGithub.KEY;
        @Nullable String signature = right;
        switch (i % 14) {
            case 0 -> signature = TestGithub.sign(keys.bad(), genuine);
            case 1 -> body = new JsonArray(genuine).encodePrettily();
            case 2 -> body = genuine.replace("\",\"", "\", \"");
            case 3 -> key = TestGithub.OTHER_KEY;
            case 4 -> key = "made-up-" + i;
            case 5 -> {
                bytes[8 + i % (bytes.length - 8)] ^= (byte) (1 << i % 8);
                signature = Base64.getEncoder().encodeToString(bytes);
            }
            case 6 -> signature = TestGithub.sign(good, genuine + "\n");
            case 7 -> signature = null;
            case 8 -> key = null;
            case 9 -> signature = TestGithub.sign(good, genuine, "SHA256withECDSAinP1363Format");
            case 10 -> signature = HexFormat.of().formatHex(bytes);
            case 11 -> body = genuine + " ";
            case 12 -> signature = TestGithub.sign(good, genuine, "SHA512withECDSA");
            default -> body = genuine.replace("fyvault_api_key", "fyvault_api_kez");
        }
        return TestGithub.send(server, body, key, signature);
    }
}
