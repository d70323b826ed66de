package com.fyvault.federation;

/** Where keys come from. Sources that are equal share one key set in memory, whosever rule names them. */
sealed interface KeySource {
    /** The issuer's discovery document says where. */
    record Discovery(String issuer) implements KeySource {}

    /** The rule says where. */
    record Url(String url) implements KeySource {}

    /** The rule holds them. */
    record Inline(String jwks) implements KeySource {}
}
