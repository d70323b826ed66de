package com.fyvault.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.SecretPatterns;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No token is given more than the one that makes it has. */
class MakerTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Maker FREE = new Maker(ScopeSet.all(), null, null, null, null, null, List.of());

    private final SeededRandom random = new SeededRandom(36);

    @Test
    void aChildIsNeverStrongerThanItsMaker() {
        int cases = Lane.count(50_000, 20_000);
        int given = 0;
        long violations = 0;
        for (int i = 0; i < cases; i++) {
            Maker maker = maker();
            try {
                Reach child = maker.reach(reach());
                ScopeSet scopes = maker.scopes(random.nextInt(4) == 0 ? null : new ScopeSet(random.nextInt(8)));
                given++;
                violations += within(child, maker) && maker.scopes().containsAll(scopes) ? 0 : 1;
            } catch (Refusal refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.EXCEEDS_PARENT);
            }
        }
        Figures.print(new Figures.Line("T36", "derived tokens", 0, cases, violations, "given=" + given));
        assertThat(given).isGreaterThan(cases / 50);
        assertThat(violations).isZero();
    }

    @Test
    void whatAsksForNothingInheritsTheMakersLists() {
        UUID project = new UUID(0, 1);
        Maker maker =
                new Maker(ScopeSet.all(), Set.of(project), null, List.of("a*"), List.of("10.0.0.0/8"), null, List.of());
        assertThat(maker.reach(Reach.EVERYWHERE))
                .isEqualTo(new Reach(List.of(project), List.of(), List.of("a*"), List.of("10.0.0.0/8")));
    }

    @Test
    void aMakerThatReachesNothingMakesNothing() {
        for (Maker maker : List.of(
                new Maker(ScopeSet.all(), Set.of(), null, null, null, null, List.of()),
                new Maker(ScopeSet.all(), null, Set.of(), null, null, null, List.of()),
                new Maker(ScopeSet.all(), null, null, List.of(), null, null, List.of()),
                new Maker(ScopeSet.all(), null, null, null, List.of(), null, List.of()))) {
            assertThatThrownBy(() -> maker.reach(Reach.EVERYWHERE)).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void theEarlierExpiryCounts() {
        Maker maker = new Maker(ScopeSet.all(), null, null, null, null, NOON, List.of());
        assertThat(maker.expiry(NOON.plusSeconds(1))).isEqualTo(NOON);
        assertThat(maker.expiry(NOON.minusSeconds(1))).isEqualTo(NOON.minusSeconds(1));
        assertThat(maker.expiry(null)).isEqualTo(NOON);
        assertThat(FREE.expiry(null)).isNull();
        assertThat(FREE.expiry(NOON)).isEqualTo(NOON);
    }

    @Test
    void anEditShortensAtWillAndExtendsNoFartherThanTheMaker() {
        Maker maker = new Maker(ScopeSet.all(), null, null, null, null, NOON, List.of());
        assertThat(maker.extended(NOON.minusSeconds(9), NOON.minusSeconds(5))).isEqualTo(NOON.minusSeconds(5));
        assertThat(maker.extended(NOON.minusSeconds(9), NOON.plusSeconds(5))).isEqualTo(NOON);
        assertThat(maker.extended(NOON.plusSeconds(9), NOON.plusSeconds(5))).isEqualTo(NOON.plusSeconds(5));
        assertThat(maker.extended(NOON.plusSeconds(9), null)).isEqualTo(NOON.plusSeconds(9));
        assertThat(maker.extended(null, NOON.plusSeconds(5))).isEqualTo(NOON.plusSeconds(5));
        assertThat(maker.extended(null, null)).isNull();
        assertThat(FREE.extended(NOON, null)).isNull();
    }

    private static boolean within(Reach child, Maker maker) {
        return (maker.projects() == null
                        || (!child.projectIds().isEmpty() && maker.projects().containsAll(child.projectIds())))
                && (maker.environments() == null
                        || (!child.environmentIds().isEmpty()
                                && maker.environments().containsAll(child.environmentIds())))
                && (maker.secrets() == null || names().allMatch(name -> allowed(child, maker, name)))
                && (maker.cidrs() == null || CidrSet.compile(maker.cidrs()).covers(CidrSet.compile(child.cidrs())));
    }

    /** By the names themselves, not by the rule that is under test. */
    private static boolean allowed(Reach child, Maker maker, String name) {
        return !SecretPatterns.compile(child.secretPatterns()).mayAllow(name)
                || (!maker.secrets().isEmpty()
                        && SecretPatterns.compile(maker.secrets()).mayAllow(name));
    }

    private static Stream<String> names() {
        return Stream.of("a", "b", "aa", "ab", "ba", "bb", "aaa", "aab", "aba", "abb", "c");
    }

    private Maker maker() {
        return new Maker(
                new ScopeSet(random.nextInt(8)),
                random.nextInt(2) == 0 ? null : Set.copyOf(ids()),
                random.nextInt(2) == 0 ? null : Set.copyOf(ids()),
                random.nextInt(2) == 0 ? null : patterns(),
                random.nextInt(2) == 0 ? null : cidrs(),
                null,
                List.of());
    }

    private Reach reach() {
        return new Reach(ids(), ids(), patterns(), cidrs());
    }

    private List<UUID> ids() {
        return Stream.generate(() -> new UUID(0, random.nextInt(3)))
                .limit(random.nextInt(3))
                .distinct()
                .toList();
    }

    private List<String> patterns() {
        List<String> all = List.of("a", "b", "a*", "b*", "aa*", "ab", "*");
        return Stream.generate(() -> all.get(random.nextInt(all.size())))
                .limit(random.nextInt(3))
                .toList();
    }

    private List<String> cidrs() {
        List<String> all = List.of("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "::/0", "2001:db8::/32");
        return Stream.generate(() -> all.get(random.nextInt(all.size())))
                .limit(random.nextInt(3))
                .toList();
    }
}
