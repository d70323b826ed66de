package com.fyvault.newcomer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.ServerProcess;
import com.fyvault.support.SmtpServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of {@code ./fyvault newcomer}, at a server that is a process of its own. */
class NewcomerIT {
    @Test
    void aNewUserIsServedFromTheSignUpToTheRemoval(@TempDir Path directory) {
        Assumptions.assumeTrue(ServerProcess.isPackaged(), "needs the packaged jar");
        try (SmtpServer mails = SmtpServer.start();
                ServerProcess server = ServerProcess.start(directory.resolve("data"), NewcomerMain.mailsTo(mails))) {
            assertThat(new Newcomer(server.url(), mails, System.out).walk()).isGreaterThan(20);
        }
    }
}
