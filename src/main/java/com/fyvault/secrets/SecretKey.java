package com.fyvault.secrets;

import java.util.UUID;

/** How a request names a secret: by its lower-case name, or by its id. */
public record SecretKey(boolean byName, String text) {
    /** Names nothing: what a path with a malformed id asks for. The nil UUID is never issued. */
    static final SecretKey NONE = id(new UUID(0, 0));

    public static SecretKey name(String nameKey) {
        return new SecretKey(true, nameKey);
    }

    public static SecretKey id(UUID id) {
        return new SecretKey(false, id.toString());
    }
}
