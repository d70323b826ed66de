package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T20: kill -9 of the server under load. Every 200 that the load saw has its record, every acknowledged write is there. */
class KilledServerIT {
    private static final int CLIENTS = 8;
    private static final int SECRETS = 8;
    private static final int SAMPLES_BEFORE_A_KILL = 400;

    @TempDir
    private Path directory;

    private final AtomicLong writes = new AtomicLong();
    private final List<String> ids = new ArrayList<>();
    /** By Idempotency-Key: the secret that was written. */
    private final Map<String, String> sent = new ConcurrentHashMap<>();

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final List<UUID> answered = new ArrayList<>();

    @Test
    void everyAnswerHasItsRecordAndNoAcknowledgedWriteIsMissing() throws SQLException {
        assumeTrue(ServerProcess.isPackaged(), "no target/fyvault.jar: this runs in a whole build");
        int kills = Lane.count(20, 3);
        Path data = directory.resolve("data");
        ServerProcess server = ServerProcess.start(data);
        String key = server.fact("FYVAULT_API_KEY");
        for (int i = 0; i < SECRETS; i++) {
            ids.add(made(server.api(key), "K" + i));
        }
        for (int kill = 0; kill < kills; kill++) {
            Api api = server.api(key);
            try (Load load = Load.start(CLIENTS, Integer.MAX_VALUE, n -> request(api, n))) {
                while (load.samples().size() < SAMPLES_BEFORE_A_KILL) {
                    LockSupport.parkNanos(1_000_000);
                }
                server.kill();
                load.stop().stream()
                        .filter(sample -> sample.status() == 200)
                        .forEach(sample ->
                                answered.add(UUID.fromString(sample.answer().requestId())));
            }
            server = ServerProcess.start(data);
            settle(server.api(key));
        }
        judge(server, kills);
    }

    private void judge(ServerProcess server, int kills) throws SQLException {
        try (server;
                Connection connection = server.superuser()) {
            long unrecorded = answered.size() - recorded(connection);
            long missing = 0;
            long stored = 0;
            for (String id : ids) {
                long versions = versions(connection, id);
                missing += Math.max(0, acknowledged.getOrDefault(id, 1L) - versions);
                stored += versions - 1;
            }
            long doubles = stored - writes.get();
            Figures.print(new Figures.Line(
                    "T20",
                    "kill -9 of the server under load",
                    kills,
                    answered.size(),
                    unrecorded + missing + Math.abs(doubles),
                    "200s=" + answered.size() + " without a record=" + unrecorded + " writes=" + writes.get()
                            + " missing=" + missing + " doubles=" + doubles));
            assertThat(unrecorded).isZero();
            assertThat(missing).isZero();
            assertThat(doubles).as("each key wrote once, whatever was retried").isZero();
        }
    }

    private Api.Answer request(Api api, int n) {
        if (n % 4 != 0) {
            return api.get("/secrets/by-name/K" + n % SECRETS + "/value");
        }
        String id = ids.get(n / 4 % SECRETS);
        String key = "w" + writes.incrementAndGet();
        sent.put(key, id);
        return write(api, id, key);
    }

    private Api.Answer write(Api api, String id, String key) {
        Api.Answer answer =
                api.patch("/secrets/" + id, new JsonObject().put("value", "value " + key), "Idempotency-Key", key);
        if (answer.status() == 200) {
            sent.remove(key);
            acknowledged.merge(id, answer.data().getLong("version"), Math::max);
        }
        return answer;
    }

    /** Repeats what was under way at the kill: the same keys settle it. */
    private void settle(Api api) {
        for (Map.Entry<String, String> open : List.copyOf(sent.entrySet())) {
            Api.Answer answer = write(api, open.getValue(), open.getKey());
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            answered.add(UUID.fromString(answer.requestId()));
        }
    }

    private static String made(Api api, String name) {
        Api.Answer answer = api.post(
                "/secrets",
                new JsonObject().put("name", name).put("secretType", "GENERIC").put("value", "start"));
        assertThat(answer.status()).isEqualTo(201);
        return answer.data().getString("id");
    }

    private long recorded(Connection connection) throws SQLException {
        String sql = "select count(distinct event_id) from audit_event where event_id = any(?) and outcome in (1, 5)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", answered.toArray()));
            return number(statement);
        }
    }

    private static long versions(Connection connection, String id) throws SQLException {
        String sql = "select count(*) from secret_version where secret_id = ?::uuid";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            return number(statement);
        }
    }

    private static long number(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
