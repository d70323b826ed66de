package com.fyvault.scan;

import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that each have a repository of their own, beside which there is room for more. */
abstract class RepositoryTest {
    final SecureRandom random = new SecureRandom();

    @TempDir
    Path directory;

    Repository repository;

    @BeforeEach
    final void createRepository() throws IOException {
        repository = Repository.create(directory.resolve("origin"));
    }

    /** Looks like a key, and is nobody's. */
    final String token() {
        return TokenFormat.draw(TokenKind.API_KEY.prefix(), random);
    }
}
