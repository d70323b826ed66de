package com.fyvault.tokens;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.crypto.SubKeys;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.LogCapture;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * T17: somebody who can write to Redis puts entries there that would give a token more than it has. Each is of a
 * token that a node has not met, so the node does look there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisLiarIT {
    private static final String VALUE = "/secrets/by-name/HOT/value";
    private static final int FORGERIES = Lane.count(1_000, 100);
    private static final int OLD = Lane.count(100, 10);

    private TestRedis redis;
    private Map<String, String> settings;
    private TestServer first;
    private TestServer second;
    private RedisEntries entries;
    private EntrySeal seal;
    private byte[] owner;
    private byte[] foreigner;

    @BeforeAll
    void start() {
        redis = TestRedis.own();
        settings = redis.patientSettings();
        first = TestServer.start(settings);
        second = first.secondNode();
        seal = new EntrySeal(first.subKeys().cacheMac());
        entries = new RedisEntries(redis, settings.get("redis.prefix"), first.subKeys());
        first.createSecret("HOT", "value");
        Bootstrap.Made other = first.anotherOrg();
        // Both nodes have met both organizations, and both owners' entries stand in Redis.
        for (TestServer node : List.of(first, second)) {
            assertThat(node.api().get("/secrets").status()).isEqualTo(200);
            Api there = node.api(other.key().exposeText()).in(other.orgId().toString());
            assertThat(there.get("/secrets").status()).isEqualTo(200);
        }
        owner = entries.await(TokenFormat.hash(first.ownerKey()));
        foreigner = entries.await(other.key().hash());
    }

    @AfterAll
    void stop() {
        entries.close();
        second.close();
        first.close();
        redis.close();
    }

    /** What a forger may try; each would let the token read. */
    private enum Forgery {
        RANDOM,
        FLIPPED,
        /** The genuine entry of another token of the organization. */
        SWAPPED,
        /** The genuine entry of another organization's owner. */
        FOREIGN,
        OTHER_ROOT,
        LONG
    }

    @Test
    void noForgeryIsBelieved() {
        Forgery[] kinds = Forgery.values();
        int believed = 0;
        int other = 0;
        long alarms = second.metric(outcome("forged"));
        try (LogCapture log = LogCapture.open()) {
            for (int i = 0; i < FORGERIES; i++) {
                String token = mint("AUDIT_READ").getString("token");
                TokenHash hash = TokenFormat.hash(token);
                entries.put(hash, forged(kinds[i % kinds.length], hash));
                Api.Answer answer = second.api(token).get(VALUE);
                believed += answer.status() == 200 ? 1 : 0;
                other += answer.status() == 403 ? 0 : 1;
            }
            assertThat(log.linesWith("alarm: entries in Redis that no node has written"))
                    .isNotEmpty();
        }
        alarms = second.metric(outcome("forged")) - alarms;
        print("forged, swapped and foreign entries", FORGERIES, believed, "alarms=" + alarms);
        assertThat(believed).isZero();
        assertThat(other)
                .as("answers other than the 403 of a token that may not read")
                .isZero();
        assertThat(alarms).isEqualTo(FORGERIES);
    }

    /** The other test could not fail, if nothing that is written there were ever believed. */
    @Test
    void whatANodeHasWrittenIsBelievedAndWhatIsWrongInItTheCommitFindsOut() {
        JsonObject minted = mint("SECRETS_READ");
        TokenHash hash = TokenFormat.hash(minted.getString("token"));
        assertThat(first.api(minted.getString("token")).get(VALUE).status()).isEqualTo(200);
        assertThat(entries.await(hash)).isNotEmpty();
        long before = second.metric(outcome("believed"));
        assertThat(second.api(minted.getString("token")).get(VALUE).status()).isEqualTo(200);
        assertThat(second.metric(outcome("believed")) - before).isEqualTo(1);
        // With the keys of the installation, and at its epoch, a lie is believed: this is what the MAC is for.
        JsonObject narrow = mint("AUDIT_READ");
        TokenHash widened = TokenFormat.hash(narrow.getString("token"));
        entries.put(
                widened, seal.seal(widened, wide(widened, entries.found(hash).epoch())));
        assertThat(second.api(narrow.getString("token")).get(VALUE).status()).isEqualTo(200);
    }

    @Test
    void anEntryFromBeforeARevocationIsNotBelieved() {
        List<JsonObject> tokens = new ArrayList<>();
        List<byte[]> genuine = new ArrayList<>();
        for (int i = 0; i < OLD; i++) {
            JsonObject minted = mint("SECRETS_READ");
            tokens.add(minted);
            assertThat(first.api(minted.getString("token")).get(VALUE).status()).isEqualTo(200);
            genuine.add(entries.await(TokenFormat.hash(minted.getString("token"))));
        }
        for (JsonObject token : tokens) {
            assertThat(first.api()
                            .delete("/access-tokens/" + token.getString("id"))
                            .status())
                    .isEqualTo(200);
        }
        // The node has heard of it, and a third one has not met the organization: neither may be told otherwise.
        try (TestServer third = first.secondNode()) {
            for (TestServer node : List.of(second, third)) {
                replay(node, tokens, genuine);
            }
        }
    }

    private void replay(TestServer node, List<JsonObject> tokens, List<byte[]> genuine) {
        assertThat(node.api().get("/secrets").status()).isEqualTo(200);
        long outdated = node.metric(outcome("outdated"));
        long alarms = node.metric(outcome("forged"));
        int believed = 0;
        int refused = 0;
        for (int i = 0; i < OLD; i++) {
            String token = tokens.get(i).getString("token");
            entries.put(TokenFormat.hash(token), genuine.get(i));
            Api.Answer answer = node.api(token).get(VALUE);
            believed += answer.status() == 200 ? 1 : 0;
            refused += answer.code().equals("TOKEN_REVOKED") ? 1 : 0;
        }
        outdated = node.metric(outcome("outdated")) - outdated;
        alarms = node.metric(outcome("forged")) - alarms;
        print("genuine entries from before a revocation", OLD, believed, "outdated=" + outdated + " alarms=" + alarms);
        assertThat(believed).isZero();
        assertThat(refused).isEqualTo(OLD);
        assertThat(outdated).isEqualTo(OLD);
        assertThat(alarms).as("they are genuine").isZero();
    }

    private byte[] forged(Forgery kind, TokenHash hash) {
        byte[] mine = seal.seal(hash, wide(hash, 1));
        return switch (kind) {
            case RANDOM -> Arrays.copyOf(Arrays.copyOfRange(mine, mine.length - 32, mine.length), 300);
            case FLIPPED -> {
                mine[Math.floorMod(hash.fourth(), mine.length)] ^= 4;
                yield mine;
            }
            case SWAPPED -> owner;
            case FOREIGN -> foreigner;
            case OTHER_ROOT -> new EntrySeal(SubKeys.derive(new byte[32]).cacheMac()).seal(hash, wide(hash, 1));
            case LONG -> Arrays.copyOf(mine, EntrySeal.MOST_BYTES + 1_000);
        };
    }

    /** The token as it would like to be: everything, everywhere, for ever. */
    private CredentialStore.Found wide(TokenHash hash, long epoch) {
        Credential all = WideKey.of(first.orgId(), new UUID(9, 9), hash);
        return new CredentialStore.Found(
                List.of(all), Standing.FULL, epoch, Instant.now().toEpochMilli() * 1_000);
    }

    private JsonObject mint(String scope) {
        JsonObject body = new JsonObject().put("ttlSeconds", 900).put("scopes", new JsonArray().add(scope));
        return created(first.api().post("/access-tokens", body));
    }

    private static String outcome(String outcome) {
        return "fyvault_shared_decisions_total{outcome=\"" + outcome + "\"}";
    }

    private static void print(String name, int forged, int believed, String more) {
        Figures.print(new Figures.Line("T17", name, forged, forged, believed, "believed=" + believed + " " + more));
    }
}
