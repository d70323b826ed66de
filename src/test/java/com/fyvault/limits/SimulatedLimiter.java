package com.fyvault.limits;

import static com.fyvault.support.SimulatedTime.MILLI;

import com.fyvault.support.SimulatedTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One to four nodes that share limits through one Redis, in one thread, on a clock of its own, all from one
 * seed: {@link SimulatedNode} runs the server's own classes, {@link SimulatedRedis} does what the scripts
 * do. Three seeds of four bring faults; the fourth is calm and asks that the limit be reached exactly.
 */
final class SimulatedLimiter {
    /** What one seed saw. */
    record Outcome(int admitted, int faults, @Nullable String violation) {}

    private static final long LENGTH = 4_000 * MILLI;
    private static final long WINDOW = 2_000 * MILLI;
    /** In a calm window all ask in the first part, one goes on alone to its end. */
    private static final long ALL_ASK = 900 * MILLI;

    private static final long TOLD_WITHIN = 750 * MILLI;

    private final SimulatedTime time;
    private final SplittableRandom random;
    private final Set<LimiterSafeguard> on;
    private final SimulatedRedis redis;
    private final LimiterLedger ledger = new LimiterLedger(this::redisMicros);
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Budget> budgets = new ArrayList<>();
    private final boolean calm;
    private final boolean rough;
    private final long redisAhead;
    private long life;
    private boolean redisDown;
    private int parts;
    private int faults;
    private long troubleAt;
    private long deathAt = -WINDOW;

    SimulatedLimiter(long seed, Set<LimiterSafeguard> off) {
        this.time = new SimulatedTime(seed);
        this.random = time.random();
        this.on = EnumSet.allOf(LimiterSafeguard.class);
        on.removeAll(off);
        this.redis = new SimulatedRedis(on);
        this.calm = time.oneIn(4);
        this.rough = !calm && random.nextBoolean();
        this.redisAhead = 1_000_000 * WINDOW + (calm ? 0 : random.nextLong(WINDOW));
        this.parts = 1 + random.nextInt(4);
        Rule all = new Rule("org", "organization", calm ? 40 + random.nextInt(80) : 5 + random.nextInt(60), 2_000);
        for (int i = 0; i < (calm ? 1 : 2); i++) {
            Rule own = new Rule("c" + i, "credential", 3 + random.nextInt(60), 1_000);
            budgets.add(new Budget(calm ? List.of(all) : List.of(own, all)));
        }
    }

    Outcome run() {
        for (int i = 0; i < parts; i++) {
            add();
        }
        if (calm) {
            askCalmly();
        } else {
            for (int i = random.nextInt(4); i > 0; i--) {
                time.at(random.nextLong(LENGTH), this::fault);
            }
            time.in(TOLD_WITHIN, this::checkTold);
        }
        time.run();
        return new Outcome(ledger.admitted(), faults, ledger.violation());
    }

    private void add() {
        long wall = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> random.nextLong(-50 * MILLI, 50 * MILLI);
            default -> random.nextLong(-90_000 * MILLI, 90_000 * MILLI);
        };
        SimulatedNode node = new SimulatedNode(this, wall);
        nodes.add(node);
        if (!calm) {
            ask(node, MILLI + random.nextLong(20 * MILLI), LENGTH);
        }
    }

    /** Requests at random until then. */
    private void ask(SimulatedNode node, long gap, long until) {
        Budget budget = budgets.get(random.nextInt(budgets.size()));
        node.turn(() -> request(node, budget));
        long next = time.now() + 1 + random.nextLong(2 * gap);
        if (next < until && !node.isDead()) {
            time.at(next, () -> ask(node, gap, until));
        }
    }

    private void request(SimulatedNode node, Budget budget) {
        node.admit(budget, lease -> {
            if (lease == null) {
                refused(node, budget);
                return;
            }
            ledger.admitted(node, budget, lease.grant(), 1);
            if (!calm && time.oneIn(8)) {
                time.in(
                        random.nextLong(30 * MILLI),
                        () -> node.turn(() -> {
                            lease.putBack();
                            ledger.admitted(node, budget, lease.grant(), -1);
                        }));
            }
        });
    }

    private void askCalmly() {
        for (long start = 0; start < LENGTH; start += WINDOW) {
            long end = start + WINDOW;
            SimulatedNode last = nodes.get(random.nextInt(nodes.size()));
            for (SimulatedNode node : nodes) {
                long gap = random.nextBoolean() ? 1 + random.nextLong(MILLI) : random.nextLong(1, 100 * MILLI);
                long begin = start + random.nextLong(ALL_ASK);
                time.at(begin, () -> ask(node, gap, Math.min(begin + 100 * gap, end - WINDOW + ALL_ASK)));
            }
            for (long at = start + ALL_ASK; at < end; at += 5 * MILLI) {
                time.at(at, () -> request(last, budgets.getFirst()));
            }
            time.at(end - 1, this::checkExact);
        }
    }

    private void checkExact() {
        Rule rule = budgets.getFirst().rules().getFirst();
        long admitted = ledger.admitted(rule, rule.window(redisMicros()));
        if (admitted != rule.capacity()) {
            ledger.broken("a calm window admitted " + admitted + " of " + rule.capacity());
        }
    }

    /** Shares are an eighth of what is left at most, and a quarter of one may be carried into the next. */
    private void refused(SimulatedNode node, Budget budget) {
        if (calm) {
            Rule rule = budget.rules().getFirst();
            long unused = ledger.unusedBeside(node, rule, rule.window(redisMicros()));
            if (unused > (nodes.size() - 1) * (rule.capacity() / 4 + 1)) {
                ledger.broken("refused while others held " + unused + " of " + rule.capacity());
            }
        }
    }

    /** After a while without trouble Redis knows of everything that was admitted. */
    private void checkTold() {
        if (redisDown || nodes.stream().anyMatch(SimulatedNode::isOut)) {
            trouble();
        }
        boolean quiet = time.now() - troubleAt > TOLD_WITHIN;
        for (Rule rule : quiet ? budgets.getFirst().rules() : List.<Rule>of()) {
            long window = rule.window(redisMicros());
            boolean forgotten = ledger.wasFlushed(rule, window)
                    || rule.window(redisAhead + deathAt + LimiterLedger.MOST_AHEAD) >= window;
            long admitted = ledger.admitted(rule, window);
            if (!forgotten && redis.used(rule.key(), window) < admitted) {
                ledger.broken("Redis knows of " + redis.used(rule.key(), window) + " of " + admitted + " " + rule.key()
                        + " in window " + window);
            }
        }
        if (!isOver()) {
            time.in(100 * MILLI, this::checkTold);
        }
    }

    private void fault() {
        faults++;
        SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
        trouble();
        switch (random.nextInt(6)) {
            case 0 -> killRedis(50 * MILLI + random.nextLong(2_500 * MILLI));
            case 1 -> flush();
            case 2 -> node.cut(random.nextLong(2_000 * MILLI));
            case 3 -> node.pause(random.nextLong(1_500 * MILLI));
            case 4 -> kill(node);
            default -> node.stepWall(random.nextLong(-90_000 * MILLI, 90_000 * MILLI));
        }
    }

    private void killRedis(long micros) {
        flush();
        redisDown = true;
        nodes.forEach(node -> time.in(delay(), () -> node.turn(node::down)));
        time.in(micros, () -> {
            redisDown = false;
            life++;
        });
    }

    private void flush() {
        for (Budget budget : budgets) {
            for (Rule rule : budget.rules()) {
                long window = rule.window(redisMicros());
                if (redis.used(rule.key(), window) > 0) {
                    ledger.flushed(rule, window);
                }
            }
        }
        redis.flush();
    }

    /** Another takes its place; the others hear of both within a second. */
    private void kill(SimulatedNode node) {
        node.kill();
        nodes.remove(node);
        deathAt = time.now();
        time.in(random.nextLong(1_000 * MILLI), () -> parts = Math.max(1, nodes.size()));
        long back = random.nextLong(500 * MILLI);
        if (nodes.isEmpty() || time.oneIn(2)) {
            add();
        } else if (time.now() + back < LENGTH) {
            time.in(back, this::add);
        }
    }

    SimulatedTime time() {
        return time;
    }

    boolean has(LimiterSafeguard safeguard) {
        return on.contains(safeguard);
    }

    SimulatedRedis redis() {
        return redis;
    }

    LimiterLedger ledger() {
        return ledger;
    }

    long redisMicros() {
        return redisAhead + time.now();
    }

    boolean isOver() {
        return time.now() >= LENGTH;
    }

    boolean reaches(SimulatedNode node) {
        return !redisDown && !node.isCut();
    }

    /** How many nodes live, as the nodes know. */
    int parts() {
        return parts;
    }

    int divisor() {
        return has(LimiterSafeguard.OUTAGE_PART) ? parts : 1;
    }

    void trouble() {
        troubleAt = time.now();
    }

    long delay() {
        return rough && time.oneIn(20) ? random.nextLong(90 * MILLI) : 100 + random.nextLong(2 * MILLI);
    }

    /** What is sent to a Redis that is gone, or over a link that is cut or loses it, never arrives. */
    void toRedis(SimulatedNode from, long when, Runnable what) {
        long sentTo = life;
        boolean lost = from.isCut() || redisDown || (rough && time.oneIn(50));
        time.at(when, () -> {
            if (!lost && !redisDown && sentTo == life) {
                what.run();
            }
        });
    }
}
