package com.fyvault.leaks;

import com.fyvault.people.EndFound;
import com.fyvault.tokens.ClientAddress;
import java.util.UUID;

/**
 * Who reports.
 *
 * @param requestId of the report
 * @param reporter {@code github}; {@code possession} for whoever has the text; {@code organization} for a scanner of its own
 */
record Origin(UUID requestId, String reporter, ClientAddress address) {
    /** The same for what is a person's. */
    EndFound.By by() {
        return new EndFound.By(reporter, address);
    }
}
