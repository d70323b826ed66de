package com.fyvault.tokens;

import static com.fyvault.support.SimulatedTime.MILLI;

import com.fyvault.support.SimulatedProcess;
import com.fyvault.support.SimulatedTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes, one database and the messages between them, in one thread, on a clock of its own, all from
 * one seed. The cache, the marks of an organization and the tombstones are the server's own classes; the
 * gate, the messages and the revocation are written out here as DESIGN.md 2 has them. Each safeguard can be
 * switched off.
 */
final class SimulatedInstallation {
    /** What one seed saw. */
    record Outcome(int releases, int revocations, int violations) {}

    private static final long DEADLINE = 500 * MILLI;
    private static final long LENGTH = 4_000 * MILLI;
    private static final int NODES = 3;
    private static final int SESSIONS = 2;
    private static final int MOST_ATTEMPTS = 4;

    private final Set<RevocationSafeguard> on;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final List<Node> nodes = new ArrayList<>();
    private final SimulatedDatabase database = new SimulatedDatabase(SESSIONS);
    /** For the key and each session, the newest change that has returned to its caller, and when. */
    private final List<long[]> returned = new ArrayList<>();

    private int releases;
    private int revocations;
    private int violations;

    SimulatedInstallation(long seed, Set<RevocationSafeguard> off) {
        this.time = new SimulatedTime(seed);
        this.random = time.random();
        this.on = EnumSet.allOf(RevocationSafeguard.class);
        on.removeAll(off);
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node());
        }
    }

    Outcome run() {
        for (Node node : nodes) {
            pauses(node);
            long gap = 1 + random.nextLong(600 * MILLI);
            for (long at = random.nextLong(gap); at < LENGTH; at += 1 + random.nextLong(2 * gap)) {
                int session = 1 + random.nextInt(SESSIONS);
                time.at(at, () -> node.turn(() -> new Reading(node, session).decide()));
            }
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            Node node = nodes.get(random.nextInt(NODES));
            int what = random.nextInt(SESSIONS + 1);
            boolean forGood = random.nextInt(4) == 0;
            time.at(random.nextLong(LENGTH), () -> node.turn(() -> new Change(node, what, forGood).send()));
        }
        time.run();
        return new Outcome(releases, revocations, violations);
    }

    /** Stretches in which a node stands still, as under SIGSTOP: what comes meanwhile waits, in its order. */
    private void pauses(Node node) {
        for (int i = random.nextInt(3); i > 0; i--) {
            long length = random.nextBoolean() ? random.nextLong(50 * MILLI) : random.nextLong(2_500 * MILLI);
            time.at(random.nextLong(LENGTH), () -> node.pause(length));
        }
    }

    /** Mostly below 2 ms, now and then far above. */
    private long delay() {
        return random.nextInt(20) == 0 ? random.nextLong(900 * MILLI) : 100 + random.nextLong(2 * MILLI);
    }

    private void toDatabase(Runnable what) {
        time.in(delay(), what);
    }

    private void toNode(Node node, Runnable what) {
        time.in(delay(), () -> node.turn(what));
    }

    private final class Node extends SimulatedProcess {
        private final SimulatedReleases inFlight = new SimulatedReleases();
        private Tombstones tombstones = new Tombstones();
        private final DecisionCache cache = new DecisionCache(1_000) {
            @Override
            boolean isLate(OrgState org, long readEpoch) {
                return on.contains(RevocationSafeguard.FILL_GUARD) && super.isLate(org, readEpoch);
            }

            @Override
            long epochOf(TokenHash hash, Decision decision) {
                return on.contains(RevocationSafeguard.EPOCH_OF_CACHED_ONLY)
                        ? super.epochOf(hash, decision)
                        : decision.org().epoch();
            }
        };

        Node() {
            super(SimulatedInstallation.this.time);
        }

        Decision admit(int session, CredentialStore.Found found) {
            if (!on.contains(RevocationSafeguard.TOMBSTONE_AFTER_REFILL)) {
                tombstones = new Tombstones();
            }
            return cache.admit(SimulatedDatabase.hash(session), found);
        }

        void whenPassed(Runnable then) {
            if (on.contains(RevocationSafeguard.RELEASES_IN_FLIGHT)) {
                inFlight.whenWritten(then);
            } else {
                then.run();
            }
        }

        void refresh(Runnable then) {
            @Nullable OrgState org = cache.org(SimulatedDatabase.ORG);
            if (org == null) {
                then.run();
                return;
            }
            long known = org.epoch();
            toDatabase(() -> {
                CredentialStore.Changes changes = database.changesSince(known, random.nextInt(10) == 0);
                toNode(this, () -> {
                    cache.apply(org, changes);
                    then.run();
                });
            });
        }
    }

    /** A request for a value, from decision to release. */
    private final class Reading {
        private final Node node;
        private final int session;
        private int attempts;

        Reading(Node node, int session) {
            this.node = node;
            this.session = session;
        }

        void decide() {
            if (++attempts > MOST_ATTEMPTS) {
                return;
            }
            @Nullable Decision ready = node.cache.peek(SimulatedDatabase.hash(session));
            if (ready != null) {
                submit(ready);
                return;
            }
            toDatabase(() -> {
                CredentialStore.Found found = database.snapshot(session);
                toNode(node, () -> submit(node.admit(session, found)));
            });
        }

        private void submit(Decision decision) {
            long claimed = node.cache.epochOf(SimulatedDatabase.hash(session), decision);
            long sent = time.now();
            toDatabase(() -> {
                boolean good = claimed == database.epoch() || !on.contains(RevocationSafeguard.COMMIT_CHECK);
                toNode(node, () -> settle(decision, good, sent));
            });
        }

        private void settle(Decision decision, boolean good, long sent) {
            if (!good) {
                node.refresh(this::decide);
            } else if (isLate(sent)) {
                decide();
            } else if (node.tombstones.covers(decision) && on.contains(RevocationSafeguard.TOMBSTONE)) {
                node.refresh(this::decide);
            } else if (decision.refusal() == null) {
                node.inFlight.passed(this);
                time.in(
                        random.nextLong(time.oneIn(10) ? 20 * MILLI : 200),
                        () -> node.turn(() -> write(decision, sent)));
            }
        }

        private void write(Decision decision, long sent) {
            node.inFlight.written(this);
            if (isLate(sent) && on.contains(RevocationSafeguard.DEADLINE_AT_WRITE)) {
                decide();
            } else {
                released(decision);
            }
        }

        private boolean isLate(long sent) {
            return time.now() - sent > DEADLINE && on.contains(RevocationSafeguard.RELEASE_DEADLINE);
        }

        /** Wrong when it rests on the authority as it was before a change that had returned. */
        private void released(Decision decision) {
            releases++;
            for (long[] change : returned) {
                boolean concerned = change[0] == 0 || change[0] == session;
                if (concerned && change[2] < time.now() && decision.readEpoch() < change[1]) {
                    violations++;
                    return;
                }
            }
        }
    }

    /** A revocation, or a change of what a credential may do, of the key (0) or of a session. */
    private final class Change {
        private final Node node;
        private final int what;
        private final boolean forGood;
        private final Set<Node> waitedFor = new HashSet<>();
        private long set;
        private boolean done;

        Change(Node node, int what, boolean forGood) {
            this.node = node;
            this.what = what;
            this.forGood = forGood;
        }

        void send() {
            toDatabase(() -> {
                set = database.change(what, forGood);
                toNode(node, this::committed);
            });
        }

        private void committed() {
            bury(node);
            node.refresh(() -> {});
            if (!on.contains(RevocationSafeguard.WAIT)) {
                done();
                return;
            }
            time.in(DEADLINE, () -> node.turn(this::done));
            waitedFor.addAll(nodes);
            node.whenPassed(() -> acknowledged(node));
            for (Node other : nodes) {
                if (other != node) {
                    tell(other);
                    if (time.oneIn(5) && !on.contains(RevocationSafeguard.SEAL)) {
                        // Whoever can send a NOTIFY can say what it likes.
                        toNode(node, () -> acknowledged(other));
                    }
                }
            }
        }

        private void tell(Node other) {
            if (random.nextInt(5) == 0) {
                return;
            }
            toNode(other, () -> {
                if (on.contains(RevocationSafeguard.BURY_BEFORE_ACKNOWLEDGING)) {
                    bury(other);
                } else {
                    toNode(other, () -> bury(other));
                }
                other.refresh(() -> {});
                if (random.nextInt(5) > 0) {
                    other.whenPassed(() -> toNode(node, () -> acknowledged(other)));
                }
            });
        }

        private void bury(Node where) {
            where.tombstones.bury(SimulatedDatabase.ORG, SimulatedDatabase.id(what), set);
        }

        private void acknowledged(Node other) {
            if (waitedFor.remove(other) && waitedFor.isEmpty()) {
                done();
            }
        }

        private void done() {
            if (!done) {
                done = true;
                revocations++;
                returned.add(new long[] {what, set, time.now()});
            }
        }
    }
}
