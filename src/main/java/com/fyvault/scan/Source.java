package com.fyvault.scan;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is: an absolute path, or an address of {@code https} or {@code ssh}. Nothing else is taken, for git
 * knows addresses that are commands. An address holds no password: it is shown to whoever lists processes.
 *
 * @param protocol the only one that git may use for it
 */
public record Source(String text, String protocol) {
    private static final int LONGEST = 1000;
    private static final Set<String> SCHEMES = Set.of("https", "ssh");

    /** @throws ScanError when it is none */
    public static Source parse(String text) {
        if (text.length() > LONGEST || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new ScanError("a repository's address has at most " + LONGEST + " characters, and no spaces");
        }
        if (text.startsWith("/")) {
            if (!Files.isDirectory(Path.of(text))) {
                throw new ScanError("there is no directory " + text);
            }
            return new Source(text, "file");
        }
        @Nullable URI uri = uri(text);
        if (uri == null
                || !SCHEMES.contains(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawPath().length() < 2) {
            throw new ScanError("a repository is an absolute path, https://host/path or ssh://user@host/path: "
                    + Finding.plain(text));
        }
        @Nullable String user = uri.getRawUserInfo();
        boolean plainUser =
                user == null || (uri.getScheme().equals("ssh") && user.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}"));
        if (!plainUser || uri.getHost().startsWith("-")) {
            throw new ScanError(
                    "a repository's address holds no password: name a file of git's settings as git.config");
        }
        return new Source(text, uri.getScheme());
    }

    private static @Nullable URI uri(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() == null ? null : uri;
        } catch (URISyntaxException none) {
            return null;
        }
    }
}
