package com.fyvault.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The hook that looks at what is staged before each commit of a repository. */
public final class CommitHook {
    private static final String MARK = "# Written by `fyvault scan --install-hook`.";

    private CommitHook() {}

    /**
     * Writes it where git looks for it.
     *
     * @param program how the scanner is started
     * @return the file
     * @throws ScanError when there is a hook of somebody else's, or no repository
     */
    public static Path install(Path directory, String program) {
        Path hook = directory.resolve(Git.line(directory, "rev-parse", "--git-path", "hooks/pre-commit"));
        try {
            if (Files.exists(hook) && !Files.readString(hook).contains(MARK)) {
                throw new ScanError(
                        hook + " is there already, and not from here. Add this line to it: " + line(program));
            }
            var _ = Files.createDirectories(hook.toAbsolutePath().getParent());
            var _ = Files.writeString(hook, """
                    #!/bin/sh
                    %s
                    # Looks for secrets in what is staged; a commit that must pass all the same: git commit --no-verify
                    exec %s
                    """.formatted(MARK, line(program)));
            return Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException unwritable) {
            throw new ScanError("cannot write " + hook + ": " + unwritable, unwritable);
        }
    }

    private static String line(String program) {
        return "'" + program.replace("'", "'\\''") + "' scan --staged";
    }
}
