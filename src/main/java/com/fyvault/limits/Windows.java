package com.fyvault.limits;

import com.fyvault.platform.http.Fields;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one holder: requests a window, all windows at once. As JSON
 * {@code {"perSecond":10,"perMinute":600,"perDay":20000}}.
 *
 * @param capacities requests by length of the window in milliseconds
 */
public record Windows(Map<Long, Long> capacities) {
    /** No limit. */
    public static final Windows NONE = new Windows(Map.of());

    /** The largest capacity that can be asked for. */
    public static final int MOST = 1_000_000_000;

    private static final String NOTHING = "{}";
    /** In the order in which PostgreSQL's jsonb writes them: shorter names first. */
    private static final List<Length> LENGTHS = List.of(
            new Length("perDay", "day", 86_400_000),
            new Length("perHour", "hour", 3_600_000),
            new Length("perMinute", "minute", 60_000),
            new Length("perSecond", "second", 1_000));

    private record Length(String field, String name, long millis) {}

    public Windows {
        capacities = java.util.Collections.unmodifiableMap(new TreeMap<>(capacities));
    }

    /** From a stored row, whose seal says that it is one of ours. */
    public static Windows parse(String json) {
        if (json.equals(NOTHING)) {
            return NONE;
        }
        JsonObject object = new JsonObject(json);
        Map<Long, Long> found = new TreeMap<>();
        for (Length length : LENGTHS) {
            @Nullable Long capacity = object.getLong(length.field());
            if (capacity != null) {
                found.put(length.millis(), capacity);
            }
        }
        if (found.size() != object.size()) {
            throw new IllegalStateException("a stored limit has a window that nobody knows");
        }
        return new Windows(found);
    }

    /** From a request: {@code limits}, or {@code rateLimitRpm} for the minute; null when it names neither. */
    public static @Nullable Windows asked(Fields body) {
        @Nullable Long minute = body.optionalNumber("rateLimitRpm", 1, MOST);
        @Nullable Map<String, Long> limits = body.optionalNumbers("limits", 1, MOST);
        if (limits == null) {
            return minute == null ? null : NONE.with(60_000, minute);
        }
        Map<Long, Long> found = new TreeMap<>();
        for (Map.Entry<String, Long> limit : limits.entrySet()) {
            found.put(length(limit.getKey()).millis(), limit.getValue());
        }
        Windows windows = new Windows(found);
        if (minute != null && !minute.equals(found.getOrDefault(60_000L, minute))) {
            throw Fields.invalid("rateLimitRpm", "and limits.perMinute differ");
        }
        return minute == null ? windows : windows.with(60_000, minute);
    }

    /** From settings, where 0 is none. */
    public static Windows of(int second, int minute, int day) {
        return NONE.with(1_000, second).with(60_000, minute).with(86_400_000, day);
    }

    public boolean isNone() {
        return capacities.isEmpty();
    }

    /** As PostgreSQL prints it back, which is what the row's seal is over. */
    public String toJson() {
        List<String> fields = new ArrayList<>();
        for (Length length : LENGTHS) {
            @Nullable Long capacity = capacities.get(length.millis());
            if (capacity != null) {
                fields.add("\"" + length.field() + "\": " + capacity);
            }
        }
        return "{" + String.join(", ", fields) + "}";
    }

    /** Requests a minute, or null. */
    public @Nullable Long perMinute() {
        return capacities.get(60_000L);
    }

    /** True when no window lets through more than the other's does, as far as the other has one. */
    public boolean isWithin(Collection<Windows> others) {
        return others.stream().allMatch(this::isWithin);
    }

    /** What a window is called in headers. */
    static String name(long millis) {
        return LENGTHS.stream()
                .filter(length -> length.millis() == millis)
                .map(Length::name)
                .findFirst()
                .orElse(millis + "ms");
    }

    private boolean isWithin(Windows other) {
        return other.capacities.entrySet().stream()
                .allMatch(theirs -> capacities.getOrDefault(theirs.getKey(), Long.MAX_VALUE) <= theirs.getValue());
    }

    private Windows with(long millis, long capacity) {
        if (capacity == 0) {
            return this;
        }
        Map<Long, Long> more = new TreeMap<>(capacities);
        more.put(millis, capacity);
        return new Windows(more);
    }

    private static Length length(String field) {
        return LENGTHS.stream()
                .filter(length -> length.field().equals(field))
                .findFirst()
                .orElseThrow(() ->
                        Fields.invalid("limits", "takes perSecond, perMinute, perHour and perDay, each a number"));
    }
}
