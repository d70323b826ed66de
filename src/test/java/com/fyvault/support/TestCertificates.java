package com.fyvault.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of a test's own, and servers' certificates of it, as PEM files. Made by the JDK's keytool. */
public final class TestCertificates {
    private static final String PASSWORD = "test-only";

    private final Path directory;
    private final Path store;
    private int issued;

    /** A server's certificate and its key. */
    public record Issued(Path certificate, Path key) {}

    public TestCertificates() {
        try {
            Path parent = Files.createDirectories(Figures.target().resolve("test-certificates"));
            directory = Files.createTempDirectory(parent, "ca").toAbsolutePath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        store = directory.resolve("store.p12");
        generate("ca", List.of("-dname", "CN=Test authority", "-ext", "bc:c", "-validity", "30"));
    }

    /** The authority's own certificate. */
    public Path authority() {
        return pem("ca").certificate();
    }

    /** A certificate for a name as it stands in a subject alternative name, {@code ip:127.0.0.1}; it began so many days ago. */
    public Issued issue(String name, int daysAgo, int validDays) {
        String alias = "server" + issued++;
        generate(
                alias,
                List.of(
                        "-signer",
                        "ca",
                        "-dname",
                        "CN=Test server",
                        "-ext",
                        "san=" + name,
                        "-startdate",
                        "-" + daysAgo + "d",
                        "-validity",
                        Integer.toString(validDays)));
        return pem(alias);
    }

    private void generate(String alias, List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(more);
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private Issued pem(String alias) {
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            byte[] certificate = keys.getCertificate(alias).getEncoded();
            byte[] key = keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
            return new Issued(
                    write(alias + ".crt", "CERTIFICATE", certificate), write(alias + ".key", "PRIVATE KEY", key));
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Path write(String name, String kind, byte[] bytes) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                directory.resolve(name), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }
}
