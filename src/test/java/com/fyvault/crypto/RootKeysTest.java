package com.fyvault.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootKeysTest {
    private final SeededRandom random = new SeededRandom(6);
    private final OrgKeyId id = new OrgKeyId(Sample.uuid(random), 3);

    @TempDir
    private Path directory;

    @Nested
    class FromAFile {
        @Test
        void createsAFileForItsOwnerAndLoadsItAgain() throws IOException {
            Path file = directory.resolve("root.key");
            RootKeySource created = FileRootKey.create(file, random);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            OrgKey key = OrgKey.generate(id, random);
            byte[] wrapped = key.wrapUnder(created);
            try (RootKeySource loaded = FileRootKey.load(file, random)) {
                assertThat(loaded.keyId()).isEqualTo(created.keyId());
                assertThat(OrgKey.unwrap(loaded, id, wrapped).key().getEncoded())
                        .isEqualTo(key.key().getEncoded());
                assertThat(loaded.health().usable()).isTrue();
                assertThat(loaded.toString() + loaded.health())
                        .contains(file.toString())
                        .doesNotContain(Files.readString(file));
            }
            try (var names = Files.list(directory)) {
                assertThat(names).containsExactly(file);
            }
        }

        @Test
        void neverOverwritesAFile() throws IOException {
            Path file = directory.resolve("root.key");
            FileRootKey.create(file, random).close();
            String before = Files.readString(file);
            assertThatThrownBy(() -> FileRootKey.create(file, random))
                    .isInstanceOf(RootKeyRefused.class)
                    .hasMessageContaining("never overwritten");
            assertThat(file).hasContent(before);
        }

        @ParameterizedTest
        @EnumSource(
                names = {"GROUP_READ", "GROUP_WRITE", "GROUP_EXECUTE", "OTHERS_READ", "OTHERS_WRITE", "OTHERS_EXECUTE"})
        void refusesAFileThatOthersCanReach(PosixFilePermission permission) throws IOException {
            Path file = directory.resolve("root.key");
            FileRootKey.create(file, random).close();
            var permissions = Files.getPosixFilePermissions(file);
            permissions.add(permission);
            assertThat(Files.setPosixFilePermissions(file, permissions)).isEqualTo(file);
            assertThatThrownBy(() -> FileRootKey.load(file, random))
                    .isInstanceOf(RootKeyRefused.class)
                    .hasMessageContaining("chmod 600 " + file);
        }

        @ParameterizedTest
        @ValueSource(strings = {"rw-------", "r--------"})
        void takesAFileThatOnlyItsOwnerReads(String mode) throws IOException {
            try (RootKeySource root = FileRootKey.load(file(random.bytes(32), mode), random)) {
                assertThat(root.health().usable()).isTrue();
            }
        }

        @Test
        void readsTheSameKeyRawAndInBase64() throws IOException {
            byte[] key = random.bytes(32);
            byte[] text = (" " + Base64.getEncoder().encodeToString(key) + "\r\n").getBytes(US_ASCII);
            try (RootKeySource raw = FileRootKey.load(file(key, "rw-------"), random);
                    RootKeySource base64 = FileRootKey.load(file(text, "rw-------"), random)) {
                assertThat(base64.keyId()).isEqualTo(raw.keyId());
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 31, 33, 64, 257, 10_000})
        void refusesAFileThatHoldsNoKey(int length) throws IOException {
            Path file = file(random.bytes(length), "rw-------");
            assertThatThrownBy(() -> FileRootKey.load(file, random)).isInstanceOf(RootKeyRefused.class);
        }

        @Test
        void refusesBase64OfAnotherLength() throws IOException {
            Path file = file(Base64.getEncoder().encode(random.bytes(31)), "rw-------");
            assertThatThrownBy(() -> FileRootKey.load(file, random)).isInstanceOf(RootKeyRefused.class);
        }

        @Test
        void refusesAMissingFile() {
            assertThatThrownBy(() -> FileRootKey.load(directory.resolve("none"), random))
                    .isInstanceOf(RootKeyRefused.class);
        }

        private Path file(byte[] content, String mode) throws IOException {
            Path file = Files.createTempFile(directory, "root", ".key");
            Path written = Files.write(file, content);
            return Files.setPosixFilePermissions(written, PosixFilePermissions.fromString(mode));
        }
    }

    @Nested
    class FromTheEnvironment {
        private final Map<String, String> environment =
                Map.of("ROOT", Base64.getEncoder().encodeToString(new SeededRandom(7).bytes(32)), "BAD", "x");

        @Test
        void isTakenInDevelopment() {
            try (RootKeySource root = EnvironmentRootKey.load("ROOT", environment, "dev", random)) {
                assertThat(root.health().usable()).isTrue();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"prod", "PROD", "production"})
        void isRefusedInProduction(String profile) {
            assertThatThrownBy(() -> EnvironmentRootKey.load("ROOT", environment, profile, random))
                    .isInstanceOf(RootKeyRefused.class)
                    .hasMessageNotContaining(environment.get("ROOT"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"BAD", "ABSENT"})
        void isRefusedWithoutAKey(String variable) {
            assertThatThrownBy(() -> EnvironmentRootKey.load(variable, environment, "dev", random))
                    .isInstanceOf(RootKeyRefused.class)
                    .hasMessageContaining(variable);
        }
    }

    @Nested
    class Wrapping {
        private final RootKeySource root = new LocalRootKey(random.bytes(32), "test", random);
        private final OrgKey key = OrgKey.generate(id, random);
        private final byte[] wrapped = key.wrapUnder(root);

        @Test
        void namesItsRoot() {
            assertThat(wrapped).hasSize(68);
            assertThat(RootKeyId.of(wrapped)).isEqualTo(root.keyId());
            assertThat(root.keyId().toString()).hasSize(16);
        }

        @Test
        void refusesAnyFlippedBitAndAnyOtherLength() {
            for (int bit = 0; bit < 8 * wrapped.length; bit++) {
                byte[] changed = wrapped.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                assertThatThrownBy(() -> OrgKey.unwrap(root, id, changed)).isInstanceOf(SealBroken.class);
            }
            for (int length = 0; length < 100; length++) {
                byte[] cut = Arrays.copyOf(wrapped, length == wrapped.length ? 0 : length);
                assertThatThrownBy(() -> OrgKey.unwrap(root, id, cut)).isInstanceOf(SealBroken.class);
            }
        }

        @Test
        void refusesAnotherOrganizationEpochOrRoot() {
            RootKeySource other = new LocalRootKey(random.bytes(32), "test", random);
            OrgKeyId otherOrg = new OrgKeyId(UUID.fromString("00000000-0000-7000-8000-000000000001"), 3);
            OrgKeyId otherEpoch = new OrgKeyId(id.orgId(), 4);
            assertThatThrownBy(() -> OrgKey.unwrap(root, otherOrg, wrapped)).isInstanceOf(SealBroken.class);
            assertThatThrownBy(() -> OrgKey.unwrap(root, otherEpoch, wrapped)).isInstanceOf(SealBroken.class);
            assertThatThrownBy(() -> OrgKey.unwrap(other, id, wrapped)).isInstanceOf(SealBroken.class);
        }

        @Test
        void endsWhenTheRootIsClosedOrTheKeyDropped() {
            key.drop();
            assertThatThrownBy(() -> key.wrapUnder(root)).isInstanceOf(IllegalStateException.class);
            root.close();
            assertThat(root.health().usable()).isFalse();
            assertThatThrownBy(() -> OrgKey.unwrap(root, id, wrapped)).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void zeroesTheArrayItWasMadeFrom() {
            byte[] bytes = random.bytes(32);
            new LocalRootKey(bytes, "test", random).close();
            assertThat(HexFormat.of().formatHex(bytes)).matches("0{64}");
        }
    }
}
