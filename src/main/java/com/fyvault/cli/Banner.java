package com.fyvault.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a started development server says: to a person, and on lines of their own to a script. */
final class Banner {
    private Banner() {}

    static void print(PrintStream out, int port, FirstStart.Facts facts, List<String> others) {
        String base = "http://127.0.0.1:" + port + "/api/v1";
        String url = base + "/orgs/" + facts.orgId() + "/secrets/by-name/" + FirstStart.SECRET_NAME + "/value";
        String key = facts.key();
        out.println();
        out.println("FyVault runs at " + base);
        out.println();
        out.println("FYVAULT_BASE_URL=" + base);
        out.println("FYVAULT_ORG_ID=" + facts.orgId());
        if (!others.isEmpty()) {
            out.println("FYVAULT_NODES="
                    + Stream.concat(Stream.of(base), others.stream().map(other -> other + "/api/v1"))
                            .collect(Collectors.joining(",")));
        }
        if (key != null) {
            out.println("FYVAULT_API_KEY=" + key);
            out.println();
            out.println("The key is shown this once. Read the first secret with it:");
            out.println();
            out.println("  curl -s -H 'Authorization: Bearer " + key + "' " + url);
        } else {
            out.println();
            out.println("The key was shown at the first start; `fyvault bootstrap` makes another. Read with it:");
            out.println();
            out.println("  curl -s -H \"Authorization: Bearer $FYVAULT_API_KEY\" " + url);
        }
        out.println();
        out.println("Ctrl-C stops everything.");
        out.flush();
    }
}
