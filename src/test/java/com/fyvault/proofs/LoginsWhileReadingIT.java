package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Forty people log in at the same moment while secrets are read. That no event loop was blocked is asked of every
 * test class (BlockedLoops). How much slower reads get is judged in the full lane, on a machine that does nothing else.
 */
class LoginsWhileReadingIT extends ServerTest {
    private static final int LOGINS = 40;
    private static final int READERS = 4;

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
        int reads = Lane.count(2_000, 20_000);
        Load warm = read(reads / 2);
        var _ = warm.finish();
        Load alone = read(reads);
        long quiet = p99(alone.finish());
        Load beside = read(Integer.MAX_VALUE);
        AtomicInteger busy = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        AtomicInteger in = new AtomicInteger();
        for (int i = 0; i < LOGINS; i++) {
            int number = i;
            all.add(Thread.ofVirtual().start(() -> in.addAndGet(login(number, busy))));
        }
        all.forEach(LoginsWhileReadingIT::join);
        List<Load.Sample> during = beside.stop();
        long loud = p99(during);
        long wrong = during.stream().filter(sample -> sample.status() != 200).count();
        double times = loud / (double) quiet;
        Figures.print(new Figures.Line(
                "T38",
                "40 log in at once while secrets are read",
                LOGINS,
                during.size(),
                wrong + (LOGINS - in.get()),
                String.format(
                        Locale.ROOT,
                        "read p99 alone=%.1fms beside=%.1fms (%.2f times) told to come again=%d",
                        quiet / 1e6,
                        loud / 1e6,
                        times,
                        busy.get())));
        assertThat(in).hasValue(LOGINS);
        assertThat(wrong).isZero();
        if (Lane.isFull()) {
            assertThat(times).isLessThanOrEqualTo(2);
        }
    }

    private Load read(int most) {
        return Load.start(READERS, most, i -> server.api().get("/secrets/by-name/HOT/value"));
    }

    private int login(int number, AtomicInteger busy) {
        for (int i = 0; i < 1_000; i++) {
            Api.Answer answer = people.tryLogin("p" + number + "@example.com", TestPeople.PASSWORD);
            if (answer.status() != 503) {
                return answer.status() == 200 ? 1 : 0;
            }
            busy.incrementAndGet();
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
