package com.fyvault.events;

import com.fyvault.platform.http.Fields;
import java.util.List;

/**
 * Types of events as somebody has named them: {@code secret.created}, or {@code secret.*} for all of a kind.
 *
 * @param names empty for every type
 */
public record TypeNames(List<String> names) {
    private static final int MOST = 50;

    public TypeNames {
        names = List.copyOf(names);
    }

    /** Refuses a name that no type has, and too many of them. */
    public static TypeNames parse(String field, List<String> names) {
        if (names.size() > MOST) {
            throw Fields.invalid(field, "names more than " + MOST + " types");
        }
        for (String name : names) {
            if (!names(name)) {
                throw Fields.invalid(field, "names a type that there is not");
            }
        }
        return new TypeNames(names);
    }

    public boolean take(EventType type) {
        return names.isEmpty() || names.stream().anyMatch(name -> matches(name, type));
    }

    private static boolean names(String name) {
        for (EventType type : EventType.values()) {
            if (matches(name, type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String name, EventType type) {
        String text = type.text();
        return name.equals(text) || name.equals(text.substring(0, text.indexOf('.') + 1) + "*");
    }
}
