package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a history whatever the order of what is concurrent; a few lines each, so that the proof
 * does not rest on the search alone. Each answers with what is broken.
 */
final class Rules {
    private Rules() {}

    /** Versions as they are stored in a place. */
    record Stored(long count, long lowest, long highest) {
        static final Stored NOTHING = new Stored(0, 0, 0);
    }

    static List<String> broken(List<Operation<Ask, Told>> history, Place place, Stored stored, String first) {
        List<String> all = new ArrayList<>();
        all.addAll(doubles(history, place));
        all.addAll(losers(history, place));
        all.addAll(stale(history, place));
        all.addAll(strangers(history, place, first));
        all.addAll(gaps(history, place, stored));
        return all;
    }

    /** A token that was accepted in a request which began when its revocation had returned. */
    static List<String> revived(List<Operation<TokenModel.Ask, TokenModel.Told>> history) {
        long revoked = history.stream()
                .filter(o -> o.told() == TokenModel.Told.REVOKED)
                .mapToLong(Operation::returned)
                .min()
                .orElse(Long.MAX_VALUE);
        return history.stream()
                .filter(o -> o.told() == TokenModel.Told.ACCEPTED && o.called() > revoked)
                .map(o -> "accepted after its revocation: " + o)
                .toList();
    }

    /** Two changes that were told the same version. */
    private static List<String> doubles(List<Operation<Ask, Told>> history, Place place) {
        List<String> all = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Operation<Ask, Told> change : history) {
            long version = made(change, place);
            if (version > 0 && !seen.add(version)) {
                all.add("a version twice: " + change);
            }
        }
        return all;
    }

    /** A change by If-Match that is not the next after the version which it demanded. */
    private static List<String> losers(List<Operation<Ask, Told>> history, Place place) {
        return history.stream()
                .filter(o -> o.ask() instanceof Ask.Write write
                        && write.demanded() != 0
                        && made(o, place) > 0
                        && made(o, place) != write.demanded() + 1)
                .map(o -> "not what If-Match demanded: " + o)
                .toList();
    }

    /** A read that saw less than had been acknowledged before it began. */
    private static List<String> stale(List<Operation<Ask, Told>> history, Place place) {
        List<String> all = new ArrayList<>();
        for (Operation<Ask, Told> read : history) {
            long seen = seen(read, place);
            for (Operation<Ask, Told> change : history) {
                if (seen >= 0 && made(change, place) > seen && change.returned() < read.called()) {
                    all.add("stale: " + read + " after " + change);
                }
            }
        }
        return all;
    }

    /** A text that nobody asked to be there, or two texts of one version. */
    private static List<String> strangers(List<Operation<Ask, Told>> history, Place place, String first) {
        Set<String> asked = new HashSet<>(Set.of(first));
        for (Operation<Ask, Told> change : history) {
            if (change.ask() instanceof Ask.Write write && write.place() == place) {
                asked.add(write.content());
            }
        }
        List<String> all = new ArrayList<>();
        Map<Long, String> texts = new HashMap<>();
        for (Operation<Ask, Told> read : history) {
            @Nullable
            String text = seen(read, place) > 0 && read.told() instanceof Told.Value value ? value.text() : null;
            if (text != null) {
                boolean known = !text.startsWith(SecretModel.NAMED) || asked.contains(text);
                String before = texts.getOrDefault(seen(read, place), text);
                texts.put(seen(read, place), before);
                if (!known || !before.equals(text)) {
                    all.add("a stranger: " + read + ", before " + before);
                }
            }
        }
        return all;
    }

    /** Numbers that were left out, changes that are missing, or versions that nobody made. */
    private static List<String> gaps(List<Operation<Ask, Told>> history, Place place, Stored stored) {
        long first = place == Place.PRODUCTION ? 1 : 0;
        long done = history.stream().filter(o -> made(o, place) > 0).count() + first;
        long open = history.stream()
                .filter(o -> o.isOpen() && changes(o.ask(), place))
                .count();
        boolean dense = stored.count() == stored.highest() && stored.lowest() == Math.min(1, stored.count());
        boolean right = stored.count() >= done && stored.count() <= done + open;
        return dense && right
                ? List.of()
                : List.of(stored + " in " + place + ", acknowledged " + done + ", in doubt " + open);
    }

    private static boolean changes(Ask ask, Place place) {
        return (ask instanceof Ask.Write write && write.place() == place)
                || (ask instanceof Ask.RollBack back && back.place() == place);
    }

    /** The version that a change was told it made in the place; 0 for anything else. */
    private static long made(Operation<Ask, Told> operation, Place place) {
        return changes(operation.ask(), place) && operation.told() instanceof Told.Done done ? done.version() : 0;
    }

    /** The version that was seen in the place; -1 for anything else. */
    private static long seen(Operation<Ask, Told> operation, Place place) {
        boolean there = (operation.ask() instanceof Ask.Read read && read.place() == place)
                || (operation.ask() instanceof Ask.View view && view.place() == place);
        return there && operation.told() instanceof Told.Value value ? value.version() : -1;
    }
}
