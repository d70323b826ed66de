package com.fyvault.scan;

import org.jspecify.annotations.Nullable;

/**
 * Where a content was found.
 *
 * @param path of the file, with slashes
 * @param commit that brought it, or null outside of a history
 * @param author of that commit
 * @param date of its writing, ISO 8601
 */
public record Place(
        String path,
        @Nullable String commit,
        @Nullable String author,
        @Nullable String date) {
    public static Place file(String path) {
        return new Place(path, null, null, null);
    }
}
