package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.RawHttp;
import com.fyvault.support.ServerTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T28: the record is committed before the first byte of plaintext leaves. Both clocks are this machine's. */
class RecordBeforeReleaseIT extends ServerTest {
    private static final int CLIENTS = 8;

    @BeforeAll
    void prepare() {
        server.createSecret("EARLY", "value");
    }

    @Test
    void noByteLeavesBeforeItsRecordIsCommitted() throws InterruptedException {
        int each = Lane.count(20_000, 2_000) / CLIENTS;
        Map<UUID, Instant> firstByte = new ConcurrentHashMap<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(() -> read(each, firstByte)));
        }
        // Faults meanwhile: the writer's connection is cut again and again.
        int faults = 0;
        while (clients.stream().anyMatch(Thread::isAlive)) {
            clients.get(0).join(200);
            faults += server.database().query("""
                    select pg_terminate_backend(pid) from pg_stat_activity
                     where application_name = 'fyvault' and query like 'insert into audit_event%' limit 1
                    """).size();
        }
        Map<UUID, Instant> committed = new ConcurrentHashMap<>();
        server.database()
                .query(
                        "select r.event_id, (extract(epoch from pg_xact_commit_timestamp(b.xmin)) * 1000000)::bigint as micros"
                                + " from audit_event b cross join lateral audit_records(b) r where r.outcome = 1")
                .forEach(row -> committed.merge(
                        (UUID) row.get("event_id"),
                        Instant.EPOCH.plus(((Number) row.get("micros")).longValue(), ChronoUnit.MICROS),
                        (one, other) -> one.isBefore(other) ? one : other));
        long unrecorded = firstByte.keySet().stream()
                .filter(id -> !committed.containsKey(id))
                .count();
        long early = firstByte.entrySet().stream()
                .filter(read ->
                        committed.containsKey(read.getKey()) && read.getValue().isBefore(committed.get(read.getKey())))
                .count();
        Figures.print(new Figures.Line(
                "T28",
                "record before release",
                faults,
                firstByte.size(),
                unrecorded + early,
                "without a row=" + unrecorded + " before its commit=" + early));
        assertThat(firstByte).hasSizeGreaterThan(each);
        assertThat(unrecorded).isZero();
        assertThat(early).isZero();
    }

    /** Reads on one kept connection; notes when the first byte of each 200 was there. */
    private void read(int times, Map<UUID, Instant> firstByte) {
        byte[] request = ("GET /api/v1/orgs/" + server.orgId()
                        + "/secrets/by-name/EARLY/value HTTP/1.1\r\nHost: vault\r\n" + "Authorization: Bearer "
                        + server.ownerKey() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = RawHttp.open(server.port())) {
            for (int i = 0; i < times; i++) {
                socket.getOutputStream().write(request);
                RawHttp.Timed timed = RawHttp.readTimed(socket);
                if (timed.answer().status() == 200) {
                    firstByte.put(UUID.fromString(timed.answer().header("x-request-id")), timed.firstByte());
                }
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
