package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.scan.ScanError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that `fyvault watch` is given. */
class WatchCommandTest {
    private static final String ORG = "01a1fcb3-5710-731c-afee-3d4e2008e7df";

    @TempDir
    Path directory;

    private WatchSettings read(String lines) throws IOException {
        return WatchSettings.read(Files.writeString(directory.resolve("watch.properties"), lines));
    }

    private String least() {
        return "directory=" + directory.resolve("w") + "\nrepository.a=" + directory + "\n";
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws IOException {
        WatchSettings settings = read(least());
        assertThat(settings.every()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.door()).isNull();
        assertThat(settings.limits().bytes()).isEqualTo(2048L * 1024 * 1024);
        assertThat(settings.limits().time()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.limits().gitConfig()).isEqualTo(Path.of("/dev/null"));
        assertThat(settings.repositories()).containsOnlyKeys("a");
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        var _ = Files.writeString(directory.resolve("key"), "fv_live_x\n");
        String door = "organization=" + ORG + "\nkey.file=" + directory.resolve("key") + "\nserver=";
        assertThat(read(least() + door + "https://vault.example/api/v1").door()).isNotNull();
        assertThat(read(least() + door + "http://127.0.0.1:8200/api/v1").door()).isNotNull();
        for (Map.Entry<String, String> wrong : Map.ofEntries(
                        Map.entry("", "repositories"),
                        Map.entry("repository.a=" + directory, "directory"),
                        Map.entry(least() + "unknown=1", "unknown"),
                        Map.entry(least() + "repository.../b=" + directory, "name"),
                        Map.entry(least() + "repository.b=ext::id", "repository"),
                        Map.entry(least() + "every=0s", "every"),
                        Map.entry(least() + "every=1d", "every"),
                        Map.entry(least() + "limit.minutes=0", "limit.minutes"),
                        Map.entry(least() + "limit.megabytes=1000001", "limit.megabytes"),
                        Map.entry(least() + door + "http://vault.example/api/v1", "https"),
                        Map.entry(least() + door + "http://127.0.0.1.example/api/v1", "https"),
                        Map.entry(least() + door + "http://127.0.0.1@vault.example/api/v1", "https"),
                        Map.entry(least() + "server=https://vault.example/api/v1", "organization"))
                .entrySet()) {
            assertThatThrownBy(() -> read(wrong.getKey()))
                    .as(wrong.getKey())
                    .isInstanceOf(ScanError.class)
                    .hasMessageContaining(wrong.getValue());
        }
    }

    /** What is shown as an example is one. */
    @Test
    void theExampleIsTaken() throws IOException {
        var _ = Files.writeString(directory.resolve("key"), "fv_live_x\n");
        String example = Files.readString(Path.of("config/watch.properties.example"))
                .replace("/etc/fyvault/watch.key", directory.resolve("key").toString())
                .replace("/srv/git/here.git", directory.toString())
                .replaceAll("(?m)^#([a-z])", "$1");
        assertThat(read(example).repositories()).hasSize(3);
    }
}
