package com.fyvault.proofs.doors;

import com.fyvault.support.Lane;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What an organization has, for another one to try: each text once, by what it is. */
final class Harvest {
    /** Of what does not belong into a position, lane F tries one in so many. */
    static final int OF_ANY = 3;

    private final Set<String> names = Requests.table().getOrDefault("names", Set.of());
    private final Map<String, String> texts = new LinkedHashMap<>();
    private @Nullable Things things;

    void put(String what, String text) {
        texts.put(what, text);
    }

    void putAll(Things all) {
        things = all;
        texts.putAll(all.all());
    }

    void forEach(BiConsumer<String, String> each) {
        texts.forEach(each);
    }

    int size() {
        return texts.size();
    }

    /** What is put into a field of this name, of a query or a body. */
    Collection<String> tried(Row.Line line, String field) {
        Things whose = Objects.requireNonNull(things);
        if (field.equals("name")) {
            // Another one each time: after the first the asker has something of that name itself.
            return List.of(whose.get("fresh-name", false));
        }
        if (!names.contains(field)) {
            return List.of(whose.get("secret", false), whose.get("name", false));
        }
        Set<String> tried = new LinkedHashSet<>();
        texts.forEach((what, text) -> {
            boolean belongs = field.toLowerCase(Locale.ROOT).contains(what.split("[ ']", 2)[0]);
            if (belongs || isChosen(line + field + what)) {
                tried.add(text);
            }
        });
        return tried;
    }

    /** The same each time. */
    static boolean isChosen(String position) {
        return Lane.isFull() || Math.floorMod(position.hashCode(), OF_ANY) == 0;
    }
}
