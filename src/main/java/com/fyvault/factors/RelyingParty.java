package com.fyvault.factors;

import java.util.Set;

/// Who passkeys are made for: what browsers bind them to.
///
/// @param id a domain name; a passkey made for it works nowhere else
/// @param name as the authenticator shows it
/// @param origins of the pages that may ask for it: scheme, host and port
record RelyingParty(String id, String name, Set<String> origins) {
    RelyingParty {
        origins = Set.copyOf(origins);
    }
}
