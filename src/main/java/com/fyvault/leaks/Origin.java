package com.fyvault.leaks;

import com.fyvault.tokens.ClientAddress;
import java.util.UUID;

/**
 * Who reports.
 *
 * @param requestId of the report
 * @param reporter {@code github}, or {@code possession} for whoever has the text
 */
record Origin(UUID requestId, String reporter, ClientAddress address) {}
