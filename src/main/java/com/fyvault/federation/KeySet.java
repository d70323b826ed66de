package com.fyvault.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.crypto.JwsKey;
import com.fyvault.crypto.JwsKey.Algorithm;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer (JWK Set, RFC 7517). What cannot verify here is left out: other kinds, keys for encryption,
 * keys for another algorithm, and any that come with their private half.
 */
final class KeySet {
    /** Bytes of the largest set. */
    static final int LARGEST = 64 * 1_024;

    private static final int MOST_KEYS = 64;
    private static final int LONGEST_NAME = 256;

    private record Named(@Nullable String id, JwsKey key) {}

    private final List<Named> keys;

    private KeySet(List<Named> keys) {
        this.keys = keys;
    }

    /** The keys of a set; null when it is none, or none of its keys can be used. */
    static @Nullable KeySet parse(@Nullable ObjectNode set) {
        @Nullable JsonNode list = set == null ? null : set.get("keys");
        if (list == null || !list.isArray() || list.size() > MOST_KEYS) {
            return null;
        }
        List<Named> keys = new ArrayList<>();
        for (JsonNode one : list) {
            if (one instanceof ObjectNode key) {
                add(key, keys);
            }
        }
        return keys.isEmpty() ? null : new KeySet(keys);
    }

    /** True when a key of the set comes with what must stay with the issuer. */
    static boolean holdsPrivateKeys(ObjectNode set) {
        return set.path("keys").findValue("d") != null || set.path("keys").findValue("k") != null;
    }

    /** The key of this name for this algorithm; without a name the only one for it. Null when that is not one key. */
    @Nullable
    JwsKey find(@Nullable String id, Algorithm algorithm) {
        List<JwsKey> found = keys.stream()
                .filter(named -> named.key().algorithm() == algorithm && (id == null || id.equals(named.id())))
                .map(Named::key)
                .toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    private static void add(ObjectNode key, List<Named> keys) {
        @Nullable String use = text(key, "use");
        boolean verifies = use == null || use.equals("sig");
        JsonNode operations = key.path("key_ops");
        boolean named = !operations.isArray();
        for (JsonNode operation : operations) {
            named |= "verify".equals(operation.textValue());
        }
        verifies &= named;
        if (!verifies || key.has("d") || key.has("k")) {
            return;
        }
        @Nullable String id = text(key, "kid");
        @Nullable String only = text(key, "alg");
        for (Algorithm algorithm : algorithms(key)) {
            if (only == null || only.equals(algorithm.text())) {
                @Nullable JwsKey made = key(key, algorithm);
                if (made != null) {
                    keys.add(new Named(id, made));
                }
            }
        }
    }

    private static Set<Algorithm> algorithms(ObjectNode key) {
        String kind = text(key, "kty") + " " + text(key, "crv");
        return switch (kind) {
            case "RSA null" -> Set.of(Algorithm.RS256, Algorithm.PS256);
            case "EC P-256" -> Set.of(Algorithm.ES256);
            case "EC P-384" -> Set.of(Algorithm.ES384);
            case "OKP Ed25519" -> Set.of(Algorithm.EDDSA);
            default -> Set.of();
        };
    }

    private static @Nullable JwsKey key(ObjectNode key, Algorithm algorithm) {
        try {
            return switch (algorithm) {
                case RS256, PS256 -> JwsKey.rsa(algorithm, bytes(key, "n"), bytes(key, "e"));
                case ES256, ES384 -> JwsKey.ec(algorithm, bytes(key, "x"), bytes(key, "y"));
                case EDDSA -> JwsKey.ed25519(bytes(key, "x"));
            };
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static byte[] bytes(ObjectNode key, String name) {
        @Nullable String text = key.path(name).textValue();
        return text == null ? new byte[0] : Base64.getUrlDecoder().decode(text);
    }

    private static @Nullable String text(ObjectNode key, String name) {
        @Nullable String text = key.path(name).textValue();
        return text != null && text.length() > LONGEST_NAME ? "" : text;
    }
}
