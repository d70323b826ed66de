package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A first start that was cut short is taken up by the next one. */
class FirstStartIT {
    @Test
    void makesNoSecondOrganizationAfterACrash(@TempDir Path data) throws IOException {
        try (TestServer server = TestServer.start()) {
            // As a crash leaves it: the organization is committed, and nothing remembers it.
            FirstStart.Facts first = new FirstStart(data, server.app()).run();
            assertThat(first.orgId()).isEqualTo(server.orgId());
            assertThat(server.api(first.key()).value(FirstStart.SECRET_NAME)).isEqualTo("it works");

            // The secret is there as well, and the file was made and not filled.
            Path file = data.resolve("organization.properties");
            Files.delete(file);
            Files.createFile(file);
            FirstStart.Facts again = new FirstStart(data, server.app()).run();
            assertThat(again.orgId()).isEqualTo(server.orgId());
            assertThat(server.api(again.key()).value(FirstStart.SECRET_NAME)).isEqualTo("it works");

            FirstStart.Facts remembered = new FirstStart(data, server.app()).run();
            assertThat(remembered).isEqualTo(new FirstStart.Facts(server.orgId(), null));
            assertThat(server.database().count("select count(*) from org")).isOne();
        }
    }
}
