package com.fyvault.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ids in text: UUIDs in their one canonical spelling. */
public final class Ids {
    private static final int LENGTH = 36;

    private Ids() {}

    /** The id, or null for anything but 36 characters in canonical form (upper case is read too). */
    public static @Nullable UUID parse(String text) {
        if (text.length() != LENGTH) {
            return null;
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? id : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
