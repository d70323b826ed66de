package com.fyvault.support;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads and writes of a few secrets, and what the clients were told, to be compared with what is
 * stored when the faults are over: each 200 has its record, each write happened, and happened once.
 */
public final class Ledger {
    private static final int SECRETS = 8;

    private final List<String> ids = new ArrayList<>();
    private final AtomicLong writes = new AtomicLong();
    /** By Idempotency-Key: the secret that was written, as long as no 200 has come for it. */
    private final Map<String, String> open = new ConcurrentHashMap<>();

    private final Map<String, Acknowledged> newest = new ConcurrentHashMap<>();
    private final Queue<UUID> answered = new ConcurrentLinkedQueue<>();

    /** The newest version of a secret that a client was told of, and its value. */
    private record Acknowledged(long version, String value) {
        Acknowledged later(Acknowledged other) {
            return version < other.version ? other : this;
        }
    }

    /**
     * What was found.
     *
     * @param answered answers with 200
     * @param unrecorded those of them without a record
     * @param writes that clients sent, each under a key of its own
     * @param missing acknowledged versions that are not there, and secrets with another value than the newest
     * @param doubles versions that nobody wrote, or somebody twice
     */
    public record Verdict(int answered, long unrecorded, long writes, long missing, long doubles) {
        public long violations() {
            return unrecorded + missing + Math.abs(doubles);
        }

        @Override
        public String toString() {
            return "200s=" + answered + " without a record=" + unrecorded + " writes=" + writes + " missing=" + missing
                    + " doubles=" + doubles;
        }
    }

    /** Makes the secrets. */
    public Ledger(Api api) {
        for (int i = 0; i < SECRETS; i++) {
            JsonObject body = new JsonObject().put("name", "K" + i).put("secretType", "GENERIC");
            Api.Answer made = api.post("/secrets", body.put("value", "start"));
            if (made.status() != 201) {
                throw new AssertionError(made.status() + " " + made.text());
            }
            ids.add(made.data().getString("id"));
        }
    }

    /** Request number n: three of four read, the fourth writes. */
    public Api.Answer request(Api api, int n) {
        if (n % 4 != 0) {
            return noted(api.get("/secrets/by-name/K" + n % SECRETS + "/value"));
        }
        String id = ids.get(n / 4 % SECRETS);
        String key = "w" + writes.incrementAndGet();
        open.put(key, id);
        return write(api, id, key);
    }

    /** Repeats each write that got no 200: the same keys settle it. */
    public void settle(Api api) {
        for (Map.Entry<String, String> entry : List.copyOf(open.entrySet())) {
            Api.Answer answer = write(api, entry.getValue(), entry.getKey());
            if (answer.status() != 200) {
                throw new AssertionError("not settled: " + answer.status() + " " + answer.text());
            }
        }
    }

    /** Compares what was told with what is stored, when everything is settled. */
    public Verdict judge(Api api, Connection superuser) throws SQLException {
        long missing = 0;
        long stored = 0;
        for (int i = 0; i < SECRETS; i++) {
            Acknowledged told = newest.getOrDefault(ids.get(i), new Acknowledged(1, "start"));
            long versions = versions(superuser, ids.get(i));
            missing += Math.max(0, told.version - versions);
            missing += api.value("K" + i).equals(told.value) ? 0 : 1;
            stored += versions - 1;
        }
        long unrecorded = answered.size() - recorded(superuser);
        return new Verdict(answered.size(), unrecorded, writes.get(), missing, stored - writes.get());
    }

    private Api.Answer write(Api api, String id, String key) {
        String value = "value " + key;
        Api.Answer answer =
                noted(api.patch("/secrets/" + id, new JsonObject().put("value", value), "Idempotency-Key", key));
        if (answer.status() == 200) {
            open.remove(key);
            newest.merge(id, new Acknowledged(answer.data().getLong("version"), value), Acknowledged::later);
        }
        return answer;
    }

    private Api.Answer noted(Api.Answer answer) {
        if (answer.status() == 200) {
            answered.add(UUID.fromString(answer.requestId()));
        }
        return answer;
    }

    private long recorded(Connection connection) throws SQLException {
        String sql = "select count(distinct event_id) from audit_trail where event_id = any(?) and outcome in (1, 5)";
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
            if (!rows.next()) {
                throw new AssertionError("no row");
            }
            return rows.getLong(1);
        }
    }
}
