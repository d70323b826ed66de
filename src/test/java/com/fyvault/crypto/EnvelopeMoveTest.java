package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.SeededRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// T03, the half without a database: an envelope opens where it was sealed and nowhere else.
class EnvelopeMoveTest {
    private static final int MOVES = 200;

    private final SeededRandom random = new SeededRandom(3);
    private final Envelope envelope = new Envelope(random);

    @Test
    void refusesAMoveInEachFieldOfTheBinding() {
        Map<String, UnaryOperator<Binding>> moves = new LinkedHashMap<>();
        moves.put("purpose", b -> with(b, b.purpose() == Purpose.SECRET ? Purpose.TOTP : Purpose.SECRET));
        moves.put(
                "project",
                b -> new Binding(
                        b.purpose(), b.orgId(), Sample.uuid(random), b.environmentId(), b.secretId(), b.version()));
        moves.put(
                "environment",
                b -> new Binding(
                        b.purpose(), b.orgId(), b.projectId(), Sample.uuid(random), b.secretId(), b.version()));
        moves.put(
                "secret",
                b -> new Binding(
                        b.purpose(), b.orgId(), b.projectId(), b.environmentId(), Sample.uuid(random), b.version()));
        moves.put("version", b -> with(b, b.version() == 0 ? 1 : b.version() - 1));
        moves.put(
                "project and environment swapped",
                b -> new Binding(b.purpose(), b.orgId(), b.environmentId(), b.projectId(), b.secretId(), b.version()));
        int violations = 0;
        for (UnaryOperator<Binding> move : moves.values()) {
            for (int i = 0; i < MOVES; i++) {
                Binding home = Sample.binding(random);
                OrgKey key = Sample.key(home, 1, random);
                byte[] sealed = envelope.seal(key, home, random.bytes(32));
                violations += opens(key, move.apply(home), sealed) ? 1 : 0;
            }
        }
        report("T03 moves " + moves.keySet(), moves.size() * MOVES, violations);
    }

    @Test
    void refusesAMoveToAnotherOrganization() {
        int violations = 0;
        for (int i = 0; i < MOVES; i++) {
            Binding home = Sample.binding(random);
            byte[] bytes = random.bytes(32);
            Binding foreign = new Binding(
                    home.purpose(),
                    Sample.uuid(random),
                    home.projectId(),
                    home.environmentId(),
                    home.secretId(),
                    home.version());
            OrgKey homeKey = OrgKey.of(new OrgKeyId(home.orgId(), 1), bytes);
            OrgKey sameBytes = OrgKey.of(new OrgKeyId(foreign.orgId(), 1), bytes);
            byte[] sealed = envelope.seal(homeKey, home, random.bytes(32));
            violations += opens(sameBytes, foreign, sealed) ? 1 : 0;
            violations += opens(homeKey, foreign, sealed) ? 1 : 0;
            violations += opens(Sample.key(home, 1, random), home, sealed) ? 1 : 0;
        }
        report("T03 moves between organizations", 3 * MOVES, violations);
    }

    @Test
    void refusesAnotherEpochEvenOfTheSameBytes() {
        int violations = 0;
        for (int i = 0; i < MOVES; i++) {
            Binding home = Sample.binding(random);
            byte[] bytes = random.bytes(32);
            OrgKey first = OrgKey.of(new OrgKeyId(home.orgId(), 1), bytes);
            OrgKey second = OrgKey.of(new OrgKeyId(home.orgId(), 2), bytes);
            byte[] sealed = envelope.seal(first, home, random.bytes(32));
            violations += opens(second, home, sealed) ? 1 : 0;
            Fields.writeInt(sealed, 2, 2);
            violations += opens(second, home, sealed) ? 1 : 0;
        }
        report("T03 epochs", 2 * MOVES, violations);
    }

    @Test
    void refusesAHeadFromAnotherEnvelopeOfTheSamePlace() {
        int violations = 0;
        for (int i = 0; i < MOVES; i++) {
            Binding home = Sample.binding(random);
            OrgKey key = Sample.key(home, 1, random);
            byte[] one = envelope.seal(key, home, random.bytes(32));
            byte[] two = envelope.seal(key, home, random.bytes(32));
            System.arraycopy(two, 0, one, 0, Envelope.HEAD_LENGTH);
            violations += opens(key, home, one) ? 1 : 0;
        }
        report("T03 heads swapped", MOVES, violations);
    }

    private static Binding with(Binding b, Purpose purpose) {
        return new Binding(purpose, b.orgId(), b.projectId(), b.environmentId(), b.secretId(), b.version());
    }

    private static Binding with(Binding b, long version) {
        return new Binding(b.purpose(), b.orgId(), b.projectId(), b.environmentId(), b.secretId(), version);
    }

    private static boolean opens(OrgKey key, Binding binding, byte[] sealed) {
        try {
            assertThat(Envelope.open(key, binding, sealed)).isNotNull();
            return true;
        } catch (SealBroken e) {
            return false;
        }
    }

    private static void report(String name, int moves, int violations) {
        System.out.printf("%s: faults %,d, %,d opens, violations %d%n", name, moves, moves, violations);
        assertThat(violations).isZero();
    }
}
