package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SmallTypesTest {
    private final SeededRandom random = new SeededRandom(12);

    @Nested
    class OfSecretBytes {
        @Test
        void printNothingAndCompareByContent() {
            SecretBytes secret = SecretBytes.ofText("hunter2");
            assertThat(secret).hasToString("[secret]");
            assertThat(secret)
                    .isEqualTo(SecretBytes.ofText("hunter2"))
                    .hasSameHashCodeAs(SecretBytes.ofText("hunter3"));
            assertThat(secret).isNotEqualTo(SecretBytes.ofText("hunter3"));
            assertThat(secret.length()).isEqualTo(7);
        }

        @Test
        void areZeroedByClose() {
            byte[] bytes = {1, 2, 3};
            SecretBytes secret = SecretBytes.take(bytes);
            assertThat(secret.exposeBytes()).isSameAs(bytes);
            secret.close();
            assertThat(bytes).containsOnly(0);
            assertThatThrownBy(secret::exposeBytes).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void areTheirOwnCopyWhenCopied() {
            byte[] bytes = {1, 2, 3};
            SecretBytes.copyOf(bytes).close();
            assertThat(bytes).containsExactly(1, 2, 3);
        }
    }

    @Nested
    class OfKeys {
        @Test
        void aKeyIsNeverSerialised() throws IOException {
            try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
                assertThatThrownBy(() -> out.writeObject(AesKey.copyOf(random.bytes(32))))
                        .isInstanceOf(NotSerializableException.class);
            }
        }

        @Test
        void aRingFindsItsEpochsAndSealsWithItsPrimary() {
            Binding binding = Sample.binding(random);
            OrgKey one = Sample.key(binding, 1, random);
            OrgKey two = Sample.key(binding, 2, random);
            OrgKeyring ring = OrgKeyring.of(one).with(two);
            assertThat(ring.primary()).isSameAs(one);
            assertThat(ring.find(2)).isSameAs(two);
            assertThat(ring.find(3)).isNull();
            OrgKeyring rotated = ring.withPrimary(2).without(1);
            assertThat(rotated.primary()).isSameAs(two);
            assertThat(rotated.find(1)).isNull();
            assertThat(rotated.orgId()).isEqualTo(binding.orgId());
            ring.drop();
            assertThatThrownBy(two::key).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void aRingRefusesWhatDoesNotBelongTogether() {
            Binding binding = Sample.binding(random);
            OrgKey one = Sample.key(binding, 1, random);
            OrgKey foreign = Sample.key(Sample.binding(random), 2, random);
            OrgKeyring ring = OrgKeyring.of(one);
            assertThatThrownBy(() -> ring.with(foreign)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ring.with(one)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ring.without(1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ring.withPrimary(9)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> OrgKeyring.of(List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void idsRefuseNumbersThatCannotBe() {
            UUID id = Sample.uuid(random);
            assertThatThrownBy(() -> new OrgKeyId(id, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Binding(Purpose.SECRET, id, id, id, id, -1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class OfSha256 {
        @Test
        void hashesTextAsItsBytes() {
            String text = "a".repeat(127) + "b".repeat(129) + "c".repeat(1000);
            for (int length : new int[] {0, 1, 3, 127, 128, 129, 256, 257, text.length()}) {
                String part = text.substring(0, length);
                assertThat(Sha256.hash(part)).isEqualTo(Sha256.hash(part.getBytes(StandardCharsets.US_ASCII)));
            }
            assertThat(HexFormat.of().formatHex(Sha256.hash("")))
                    .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        }

        @Test
        void refusesTextBeyondAsciiAndGoesOnUnharmed() {
            byte[] before = Sha256.hash("abc");
            assertThatThrownBy(() -> Sha256.hash("a".repeat(200) + "\u0161"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Sha256.hash("abc")).isEqualTo(before);
        }
    }

    @Nested
    class OfTheSelfTest {
        @Test
        void passesAndWarmsUp() {
            SelfTest.Report report = SelfTest.run(new SecureRandom());
            int opens = SelfTest.warmUp(new SecureRandom(), Duration.ofMillis(150));
            System.out.printf(
                    "P-self-test: faults 1, %d answers in %d ms and %,d opens, violations 0%n",
                    report.answers(), report.took().toMillis(), opens);
            assertThat(report.answers()).isEqualTo(6);
            assertThat(opens).isPositive();
        }
    }
}
