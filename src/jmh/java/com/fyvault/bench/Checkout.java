package com.fyvault.bench;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory that these classes were built in. */
final class Checkout {
    /** Where results and data of benchmarks go, below the root. */
    static final String OUT = "target/bench";

    private Checkout() {}

    /** The directory of the start script, above these classes. */
    static Path root() {
        try {
            Path at = Path.of(Checkout.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            while (at != null && !Files.isExecutable(at.resolve("fyvault"))) {
                at = at.getParent();
            }
            if (at == null) {
                throw new IllegalStateException("no fyvault script above the classes");
            }
            return at;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
