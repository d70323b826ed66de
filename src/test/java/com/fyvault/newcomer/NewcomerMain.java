package com.fyvault.newcomer;

import com.fyvault.support.ServerProcess;
import com.fyvault.support.SmtpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code ./fyvault newcomer}: walks a new user's way, and says so. Without arguments it starts a server of its own with
 * an embedded PostgreSQL, as {@code dev} does, and takes everything down again. With the URL of a server and a port it
 * goes there, and is the mail server that this one delivers to.
 */
public final class NewcomerMain {
    private static final String USAGE = """
            Usage: fyvault newcomer [URL SMTP_PORT]
              Signs up, invites, makes a key, removes, and is refused; mails are caught on 127.0.0.1.
              Without arguments it starts a server of its own. With the URL of a running one, start that with
              mail.smtp.host=127.0.0.1, mail.smtp.port=SMTP_PORT, mail.smtp.tls=none and mail.smtp.from=vault@example.com
            """;

    private NewcomerMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (arguments.length != 0 && arguments.length != 2) {
            out.print(USAGE);
            System.exit(List.of(arguments).contains("--help") ? 0 : 2);
        }
        try {
            int steps = arguments.length == 2 ? there(arguments[0], Integer.parseInt(arguments[1]), out) : here(out);
            out.println(steps + " steps, each as it should be");
        } catch (AssertionError wrong) {
            out.println("FAILED: " + wrong.getMessage());
            System.exit(1);
        }
    }

    /** At a server that runs. */
    private static int there(String url, int port, PrintStream out) {
        try (SmtpServer mails = SmtpServer.start(port)) {
            return new Newcomer(url.replaceFirst("/(api/v1/?)?$", ""), mails, out).walk();
        }
    }

    /** At a server of its own. */
    private static int here(PrintStream out) throws IOException {
        Path directory = Files.createTempDirectory("fyvault-newcomer");
        try (SmtpServer mails = SmtpServer.start();
                ServerProcess server = ServerProcess.start(directory.resolve("data"), mailsTo(mails))) {
            return new Newcomer(server.url(), mails, out).walk();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> {
                    var _ = file.toFile().delete();
                });
            }
        }
    }

    /** The settings of a server that delivers there. */
    static Map<String, String> mailsTo(SmtpServer mails) {
        return Map.of(
                "FYVAULT_MAIL_SMTP_HOST", "127.0.0.1",
                "FYVAULT_MAIL_SMTP_PORT", Integer.toString(mails.port()),
                "FYVAULT_MAIL_SMTP_TLS", "none",
                "FYVAULT_MAIL_SMTP_FROM", "vault@example.com");
    }
}
