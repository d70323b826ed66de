package com.fyvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CpuClockTest {
    private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    @Test
    void countsAThreadThatSpins() {
        CpuClock clock = CpuClock.ofProcess(ProcessHandle.current().pid());
        long before = clock.nanos();
        spin();
        assertThat(clock.nanos() - before).isGreaterThanOrEqualTo(SPIN_NANOS - 2 * TICK_NANOS);
    }

    @Test
    void keepsWhatAnEndedThreadTook() throws Exception {
        CpuClock clock = CpuClock.ofProcess(ProcessHandle.current().pid());
        long before = clock.nanos();
        Thread spinning = new Thread(CpuClockTest::spin);
        spinning.start();
        spinning.join();
        long after = clock.nanos();
        assertThat(after - before).isGreaterThanOrEqualTo(SPIN_NANOS - 3 * TICK_NANOS);
        assertThat(clock.nanos()).isGreaterThanOrEqualTo(after);
    }

    @Test
    void agreesWithTheVirtualMachinesOwnFigure() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        CpuClock clock = CpuClock.ofProcess(ProcessHandle.current().pid());
        long own = system.getProcessCpuTime();
        long seen = clock.nanos();
        assertThat(seen).isBetween(own - 10 * TICK_NANOS, own + 10 * TICK_NANOS);
    }

    @Test
    void countsChildrenThatLiveAndThatHaveEnded() throws Exception {
        // The shell waits for one spinning child, then spins in another that goes on living.
        String spin = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
        Process shell = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "read go; sh -c '" + spin + "; :'; sh -c '" + spin + "; echo spun; read end; :'; :")
                .start();
        try {
            CpuClock tree = CpuClock.ofTree(shell.pid());
            CpuClock alone = CpuClock.ofProcess(shell.pid());
            long before = tree.nanos();
            shell.getOutputStream().write('\n');
            shell.getOutputStream().flush();
            assertThat(shell.inputReader().readLine()).isEqualTo("spun");
            long bothChildren = tree.nanos() - before;
            assertThat(bothChildren).isGreaterThan(2 * TICK_NANOS).isGreaterThan(alone.nanos());
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    @Test
    void refusesAProcessThatIsGone() throws Exception {
        Process gone = new ProcessBuilder("/bin/true").start();
        assertThat(gone.waitFor()).isZero();
        CpuClock clock = CpuClock.ofProcess(gone.pid());
        assertThatThrownBy(clock::nanos).isInstanceOf(IllegalStateException.class);
    }

    private static void spin() {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        while (threads.getCurrentThreadCpuTime() - start < SPIN_NANOS) {
            Thread.onSpinWait();
        }
    }
}
