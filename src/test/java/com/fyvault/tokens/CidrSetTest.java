package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.http.Refusal;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrSetTest {
    private final SeededRandom random = new SeededRandom(7);

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "10.0.0.1, 10.0.0.1",
        "2001:DB8:0:0::/32, 2001:db8::/32",
        "::1, ::1",
        "0.0.0.0/0, 0.0.0.0/0",
        "::/0, ::/0"
    })
    void canonicalTextIsOneSpelling(String given, String canonical) {
        assertThat(CidrSet.canonical(given)).isEqualTo(canonical);
        assertThat(CidrSet.canonical(canonical)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0/24",
                "010.0.0.1",
                "0x0a000001",
                "10.0.0.0-10.0.0.9",
                "10.0.0.*",
                "localhost",
                "fe80::1%eth0",
                "2001:db8::1/32",
                "::/129",
                "10.0.0.0/8/8"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> CidrSet.canonical(text)).isInstanceOf(Refusal.class);
    }

    @Test
    void anAddressInItsMappedFormIsTheSameAddress() {
        CidrSet set = CidrSet.compile(List.of("10.0.0.0/8"));
        assertThat(set.allows(address("10.1.2.3"))).isTrue();
        assertThat(set.allows(address("11.1.2.3"))).isFalse();
        assertThat(set.allows(address("2001:db8::1"))).isFalse();
        assertThat(CidrSet.compile(List.of("::ffff:0:0/96")).covers(set)).isTrue();
        assertThat(set.covers(CidrSet.compile(List.of("::/0")))).isFalse();
    }

    @Test
    void aSetThatCoversAnotherAllowsWhateverThatOneAllows() {
        int inside = 0;
        for (int i = 0; i < Lane.count(200_000, 20_000); i++) {
            CidrSet outer = CidrSet.compile(ranges());
            CidrSet inner = CidrSet.compile(ranges());
            ClientAddress address = randomAddress();
            if (inner.allows(address)) {
                inside++;
                assertThat(!outer.covers(inner) || outer.allows(address)).isTrue();
            }
        }
        assertThat(inside).isGreaterThan(100);
    }

    @Test
    void whatTwoListsHaveInCommonIsWhatBothAllow() {
        int common = 0;
        for (int i = 0; i < Lane.count(200_000, 20_000); i++) {
            List<String> one = ranges();
            List<String> other = ranges();
            List<String> both = CidrSet.meet(one, other);
            ClientAddress address = randomAddress();
            boolean allowed = CidrSet.compile(one).allows(address)
                    && CidrSet.compile(other).allows(address);
            common += allowed ? 1 : 0;
            assertThat(!both.isEmpty() && CidrSet.compile(both).allows(address)).isEqualTo(allowed);
        }
        assertThat(common).isGreaterThan(100);
    }

    @Test
    void everythingIsCoveredByEverythingOnly() {
        CidrSet everything = CidrSet.compile(List.of());
        CidrSet some = CidrSet.compile(List.of("10.0.0.0/8"));
        assertThat(everything.covers(some)).isTrue();
        assertThat(everything.covers(everything)).isTrue();
        assertThat(some.covers(everything)).isFalse();
    }

    /** One to three ranges out of a small space, so that they meet often. */
    private List<String> ranges() {
        return java.util.stream.Stream.generate(this::range)
                .limit(1 + random.nextInt(3))
                .toList();
    }

    private String range() {
        int prefix = random.nextInt(9);
        int bits = random.nextInt(256) & (prefix == 0 ? 0 : 0xff << (8 - prefix)) & 0xff;
        return random.nextInt(4) == 0
                ? "2001:db8::" + Integer.toHexString(bits) + "/" + (120 + prefix)
                : "10.0.0." + bits + "/" + (24 + prefix);
    }

    private ClientAddress randomAddress() {
        int last = random.nextInt(256);
        return address(random.nextInt(4) == 0 ? "2001:db8::" + Integer.toHexString(last) : "10.0.0." + last);
    }

    private static ClientAddress address(String literal) {
        try {
            return ClientAddress.of(InetAddress.getByName(literal).getAddress());
        } catch (UnknownHostException never) {
            throw new IllegalArgumentException(never);
        }
    }
}
