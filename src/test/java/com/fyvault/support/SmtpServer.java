package com.fyvault.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** As much of a mail server (RFC 5321) as takes a mail, on a port of its own. It can refuse for a while. */
public final class SmtpServer implements AutoCloseable {
    private final ServerSocket listener;
    private final BlockingQueue<Mail> mails = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();

    /** A mail as it came in. */
    public record Mail(String from, List<String> to, String text) {}

    private SmtpServer(ServerSocket listener) {
        this.listener = listener;
    }

    public static SmtpServer start() {
        return start(0);
    }

    /** On this port; 0 picks a free one. */
    public static SmtpServer start(int port) {
        try {
            SmtpServer server = new SmtpServer(new ServerSocket(port, 8, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** So many mails are refused for now, with 451. */
    public void refuse(int count) {
        refusals.set(count);
    }

    /** The next mail; null when none comes in time. */
    public @Nullable Mail next(int seconds) throws InterruptedException {
        return mails.poll(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            say(out, "220 test");
            String from = "";
            List<String> to = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String command = line.toUpperCase(Locale.ROOT);
                if (command.startsWith("MAIL FROM:")) {
                    from = line.substring(10);
                    to.clear();
                    say(out, refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? "451 later" : "250 ok");
                } else if (command.startsWith("RCPT TO:")) {
                    to.add(line.substring(8));
                    say(out, "250 ok");
                } else if (command.equals("DATA")) {
                    say(out, "354 go on");
                    mails.add(new Mail(from, List.copyOf(to), body(in)));
                    say(out, "250 ok");
                } else if (command.equals("QUIT")) {
                    say(out, "221 bye");
                    return;
                } else {
                    say(out, "250 ok");
                }
            }
        } catch (IOException gone) {
            // The client's end of it is what the test looks at.
            return;
        }
    }

    private static String body(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
