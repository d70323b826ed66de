package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Ledger;
import com.fyvault.support.Load;
import com.fyvault.support.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T20: kill -9 of the server under load. Every 200 that the load saw has its record, every acknowledged write is there. */
class KilledServerIT {
    private static final int CLIENTS = 8;
    private static final int SAMPLES_BEFORE_A_KILL = 400;

    @TempDir
    private Path directory;

    @Test
    void everyAnswerHasItsRecordAndNoAcknowledgedWriteIsMissing() throws SQLException {
        assumeTrue(ServerProcess.isPackaged(), "no target/fyvault.jar: this runs in a whole build");
        int kills = Lane.count(20, 3);
        Path data = directory.resolve("data");
        ServerProcess server = ServerProcess.start(data);
        String key = server.fact("FYVAULT_API_KEY");
        Ledger ledger = new Ledger(server.api(key));
        for (int kill = 0; kill < kills; kill++) {
            Api api = server.api(key);
            try (Load load = Load.start(CLIENTS, Integer.MAX_VALUE, n -> ledger.request(api, n))) {
                while (load.samples().size() < SAMPLES_BEFORE_A_KILL) {
                    LockSupport.parkNanos(1_000_000);
                }
                server.kill();
                assertThat(load.stop()).hasSizeGreaterThanOrEqualTo(SAMPLES_BEFORE_A_KILL);
            }
            server = ServerProcess.start(data);
            ledger.settle(server.api(key));
        }
        judge(server, server.api(key), ledger, kills);
    }

    private static void judge(ServerProcess server, Api api, Ledger ledger, int kills) throws SQLException {
        try (server;
                Connection connection = server.superuser()) {
            Ledger.Verdict verdict = ledger.judge(api, connection);
            Figures.print(new Figures.Line(
                    "T20",
                    "kill -9 of the server under load",
                    kills,
                    verdict.answered(),
                    verdict.violations(),
                    verdict.toString()));
            assertThat(verdict.unrecorded()).isZero();
            assertThat(verdict.missing()).isZero();
            assertThat(verdict.doubles())
                    .as("each key wrote once, whatever was retried")
                    .isZero();
        }
    }
}
