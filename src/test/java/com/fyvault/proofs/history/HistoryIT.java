package com.fyvault.proofs.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * T25: twenty clients read, write, rotate, roll back, delete and undelete secrets on three nodes and revoke
 * one another's tokens, while nodes, PostgreSQL, Redis and what connects them are broken in turn and at
 * once. What the clients saw must be what one secret and one token could have shown, were each served by one
 * server that does one thing at a time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistoryIT {
    private static final long SEED = Long.getLong("fyvault.seed", 20_261_121);
    private static final int CLIENTS = 20;
    /** How many secrets are in use at one time: few, so that several clients meet at each. */
    private static final int AT_ONCE = 5;

    private static final int SECRETS = Lane.count(1_000, 100);
    /** With the last look at each it may be 200. */
    private static final int OPERATIONS_EACH = Lane.count(190, 30);

    /** When the machine is slow, the run ends here with fewer operations, and says how many. */
    private static final Duration LONGEST = Duration.ofSeconds(Long.getLong("fyvault.seconds", Lane.count(2_400, 9)));

    private static final int FEWEST = Lane.count(5_000, 100);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Tally tally = new Tally();
    private final List<TestSecret> secrets = new ArrayList<>();
    private Cluster cluster;
    private Tokens tokens;

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(ServerProcess.isPackaged(), "needs the packaged jar");
        cluster = new Cluster(SEED);
        for (int i = 0; i < SECRETS; i++) {
            secrets.add(TestSecret.create(cluster.server(), i));
        }
        tokens = new Tokens(cluster, random.split());
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void whatManyClientsSeeOfManyNodesCouldBeSeenOfOne() {
        Nemesis nemesis = new Nemesis(cluster, SEED);
        try (nemesis) {
            load();
        }
        cluster.heal();
        List<TestSecret> used =
                secrets.stream().filter(secret -> !secret.history().isEmpty()).toList();
        used.forEach(this::lookOnceMore);
        Judgement judgement = new Judgement(used, tokens.all());
        judgement.judge(cluster.server().database());
        Map<Nemesis.Fault, Integer> faults = nemesis.log();
        Figures.print(new Figures.Line(
                "T25",
                "histories of 3 nodes, " + CLIENTS + " clients",
                faults.values().stream().mapToInt(Integer::intValue).sum(),
                judgement.operations(),
                judgement.violations().size() + tally.unexpected().size(),
                "secrets=" + used.size() + " tokens=" + tokens.all().size() + " undecided=" + judgement.undecided()
                        + " changes in doubt=" + tally.unknowns() + " answers=" + tally + " " + faults + " seed="
                        + SEED));
        assertThat(judgement.violations()).isEmpty();
        assertThat(tally.unexpected()).isEmpty();
        assertThat(judgement.operations()).isGreaterThan(FEWEST);
        assertThat(faults).hasSizeGreaterThanOrEqualTo(Lane.count(Nemesis.Fault.values().length, 3));
    }

    /** Every client, until every secret has been asked for as often as it shall be, or the time is over. */
    private void load() {
        AtomicInteger next = new AtomicInteger();
        int all = SECRETS * OPERATIONS_EACH;
        long end = System.nanoTime() + LONGEST.toNanos();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(i, cluster, tokens, tally, random.split());
            threads.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((thread, failure) -> {
                        synchronized (failures) {
                            failures.add(failure);
                        }
                    })
                    .start(() -> {
                        while (System.nanoTime() < end) {
                            int n = next.getAndIncrement();
                            if (n >= all) {
                                return;
                            }
                            int window = n / (AT_ONCE * OPERATIONS_EACH);
                            client.next(secrets.get(window * AT_ONCE + n % AT_ONCE), () -> System.nanoTime() > end);
                        }
                    }));
        }
        threads.forEach(Cluster::join);
        synchronized (failures) {
            assertThat(failures).isEmpty();
        }
    }

    /** With the faults over: brings it back if it is deleted, and reads it on each node. */
    private void lookOnceMore(TestSecret secret) {
        List<Ask> asks = new ArrayList<>(List.of(new Ask.SetDeleted(false)));
        cluster.nodes().forEach(node -> {
            asks.add(new Ask.Read(Place.PRODUCTION));
            asks.add(new Ask.Read(Place.STAGING));
        });
        for (int i = 0; i < asks.size(); i++) {
            ClusterNode node = cluster.nodes().get(i / 2 % cluster.nodes().size());
            Request request = Request.of(secret, asks.get(i), random);
            long called = System.nanoTime();
            Api.Answer answer = request.send(cluster.server().api().at(String.valueOf(node.url())));
            tally.answered(request, answer);
            SecretModel.Told told = Answers.told(asks.get(i), answer, 0);
            assertThat(told).as(answer.text()).isNotNull();
            secret.add(new Operation<>(CLIENTS, asks.get(i), told, called, System.nanoTime()));
        }
    }
}
