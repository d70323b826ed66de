package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.ServerProcess;
import com.fyvault.support.WebhookServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 between a change, its event and its delivery: what was acknowledged is told, at least once, each time under one id. */
class KilledWhileTellingIT {
    private static final int CLIENTS = 4;
    private static final int CHANGES_BEFORE_A_KILL = 60;
    /** Longer than what a dead node had in hand is held for it: the time of a try and five seconds. */
    private static final int QUIET_SECONDS = 20;

    private static final Map<String, String> LOOPBACK =
            Map.of("FYVAULT_WEBHOOKS_LOOPBACK", "true", "FYVAULT_WEBHOOKS_TIMEOUT_MILLIS", "2000");

    @TempDir
    private Path directory;

    /** Requests that were answered with success, by the id of the answer. */
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private final AtomicInteger changes = new AtomicInteger();

    @Test
    void whatWasAcknowledgedIsTold() throws InterruptedException {
        assumeTrue(ServerProcess.isPackaged(), "no target/fyvault.jar: this runs in a whole build");
        int kills = Lane.count(100, 3);
        Path data = directory.resolve("data");
        ServerProcess server = ServerProcess.start(data, LOOPBACK);
        String key = server.fact("FYVAULT_API_KEY");
        try (WebhookServer hook = WebhookServer.start()) {
            JsonObject body =
                    new JsonObject().put("url", hook.url()).put("types", new JsonArray().add("secret.created"));
            assertThat(server.api(key).post("/webhooks", body).status()).isEqualTo(201);
            for (int kill = 0; kill < kills; kill++) {
                Api api = server.api(key);
                try (Load load = Load.start(CLIENTS, Integer.MAX_VALUE, n -> change(api))) {
                    int enough = acknowledged.size() + CHANGES_BEFORE_A_KILL;
                    while (acknowledged.size() < enough) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    server.kill();
                    var _ = load.stop();
                }
                server = ServerProcess.start(data, LOOPBACK);
            }
            judge(server, key, heard(hook), kills);
        } finally {
            server.close();
        }
    }

    private Api.Answer change(Api api) {
        JsonObject secret =
                new JsonObject().put("name", "S" + changes.incrementAndGet()).put("value", "v");
        Api.Answer answer = api.post("/secrets", secret);
        if (answer.status() == 201) {
            acknowledged.add(answer.requestId());
        }
        return answer;
    }

    /** Every message until none comes any more, by the id of the change. */
    private static Map<String, List<WebhookServer.Call>> heard(WebhookServer hook) throws InterruptedException {
        Map<String, List<WebhookServer.Call>> heard = new HashMap<>();
        for (WebhookServer.Call call = hook.next(QUIET_SECONDS); call != null; call = hook.next(QUIET_SECONDS)) {
            JsonObject event = new JsonObject(new String(call.body(), StandardCharsets.UTF_8)).getJsonObject("data");
            heard.computeIfAbsent(event.getJsonObject("data").getString("requestId"), id -> new ArrayList<>())
                    .add(call);
        }
        return heard;
    }

    private void judge(ServerProcess server, String key, Map<String, List<WebhookServer.Call>> heard, int kills) {
        long lost = acknowledged.stream().filter(id -> !heard.containsKey(id)).count();
        long twoIds = heard.values().stream()
                .filter(calls ->
                        calls.stream().map(WebhookServer.Call::id).distinct().count() > 1)
                .count();
        long again = heard.values().stream().mapToLong(List::size).sum() - heard.size();
        long unacknowledged =
                heard.keySet().stream().filter(id -> !acknowledged.contains(id)).count();
        Figures.print(new Figures.Line(
                "issue 5",
                "kill -9 between change, outbox and delivery",
                kills,
                acknowledged.size(),
                lost + twoIds,
                "told again=" + again + " told though in doubt=" + unacknowledged));
        assertThat(server.api(key).get("/webhooks").status()).isEqualTo(200);
        assertThat(lost).isZero();
        assertThat(twoIds).isZero();
    }
}
