package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Forty people log in at the same moment while secrets are read. That no event loop was blocked is asked of every
 * test class (BlockedLoops). How much slower reads get is judged in the full lane, by the best of some windows, each
 * with one of reads alone before it: what else the machine does is in both.
 */
class LoginsWhileReadingIT extends ServerTest {
    private static final int LOGINS = 40;
    private static final int READERS = 4;
    private static final double MOST_TIMES = 2;
    private static final double MOST_SECONDS = 10;

    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        String hash = TestPeople.hash();
        for (int i = 0; i < LOGINS; i++) {
            var _ = people.plant("p" + i + "@example.com", hash);
        }
        server.createSecret("HOT", "value");
    }

    @Test
    void readsGoOnWhileFortyLogIn() {
        int reads = Lane.count(2_000, 10_000);
        var _ = read(2 * reads).finish();
        var _ = beside(); // The first logins load and compile what later ones find.
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < Lane.count(2, 7); i++) {
            long alone = p99(read(reads).finish());
            windows.add(new Window(alone, beside()));
        }
        Window best =
                windows.stream().min(Comparator.comparingDouble(Window::times)).orElseThrow();
        long wrong =
                windows.stream().mapToLong(window -> window.beside().wrong()).sum();
        int answered =
                windows.stream().mapToInt(window -> window.beside().reads()).sum();
        Figures.print(new Figures.Line(
                "T38",
                "40 log in at once while secrets are read",
                (long) LOGINS * windows.size(),
                answered,
                wrong,
                "best of " + windows.size() + ": " + best + "; all: " + windows));
        assertThat(wrong).isZero();
        if (Lane.isFull()) {
            assertThat(best.times()).isLessThanOrEqualTo(MOST_TIMES);
            assertThat(best.beside().seconds()).isLessThan(MOST_SECONDS);
        }
    }

    private record Window(long aloneNanos, Beside beside) {
        double times() {
            return beside.p99Nanos() / (double) aloneNanos;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "p99 alone=%.1fms beside=%.1fms (%.2f times), all in after %.1fs, told to come again=%d",
                    aloneNanos / 1e6,
                    beside.p99Nanos() / 1e6,
                    times(),
                    beside.seconds(),
                    beside.later());
        }
    }

    /**
     * Reads while people log in.
     *
     * @param wrong reads that were not answered with the value, and people who did not get in
     * @param seconds until the last one was in
     * @param later how often somebody was told to come again
     */
    private record Beside(long p99Nanos, int reads, long wrong, double seconds, int later) {}

    private Beside beside() {
        Load load = read(Integer.MAX_VALUE);
        AtomicInteger later = new AtomicInteger();
        AtomicInteger in = new AtomicInteger();
        AtomicLong last = new AtomicLong();
        long began = System.nanoTime();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < LOGINS; i++) {
            int number = i;
            all.add(Thread.ofVirtual().start(() -> {
                in.addAndGet(login(number, later));
                last.accumulateAndGet(System.nanoTime() - began, Math::max);
            }));
        }
        all.forEach(LoginsWhileReadingIT::join);
        List<Load.Sample> during = load.stop();
        long refused = during.stream().filter(sample -> sample.status() != 200).count();
        return new Beside(p99(during), during.size(), refused + LOGINS - in.get(), last.get() / 1e9, later.get());
    }

    private Load read(int most) {
        return Load.start(READERS, most, i -> server.api().get("/secrets/by-name/HOT/value"));
    }

    /** As a program that does what it is told: whoever finds the queue full comes again when the answer says. */
    private int login(int number, AtomicInteger later) {
        for (int i = 0; i < 100; i++) {
            Api.Answer answer = people.tryLogin("p" + number + "@example.com", TestPeople.PASSWORD);
            if (answer.status() != 503) {
                return answer.status() == 200 ? 1 : 0;
            }
            later.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(Long.parseLong(answer.header("retry-after"))));
        }
        return 0;
    }

    private static long p99(List<Load.Sample> samples) {
        return Figures.percentile(samples.stream().mapToLong(Load.Sample::nanos).toArray(), 0.99);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }
}
