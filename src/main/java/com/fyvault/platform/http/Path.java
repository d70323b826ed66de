package com.fyvault.platform.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The one canonical form of a request path: its segments, decoded once. What is checked is what is
 * used. A segment holds only {@code A-Z a-z 0-9 . _ -} after decoding and is never {@code .} or
 * {@code ..}; empty segments (doubled or trailing slashes) do not count.
 */
public final class Path {
    private static final int MOST_SEGMENTS = 16;
    private static final int LONGEST_SEGMENT = 128;

    private Path() {}

    /** The segments of a raw path; refuses a path that has no canonical form. */
    public static List<String> segments(String raw) {
        List<String> segments = new ArrayList<>(8);
        int from = 0;
        int end = raw.length();
        while (from < end) {
            int slash = raw.indexOf('/', from);
            int to = slash < 0 ? end : slash;
            if (to > from) {
                segments.add(segment(raw.substring(from, to)));
            }
            from = to + 1;
        }
        if (segments.size() > MOST_SEGMENTS) {
            throw Refusal.of(ErrorCode.ROUTE_NOT_FOUND);
        }
        return segments;
    }

    /** True for the characters that names and ids are made of. */
    public static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    private static String segment(String raw) {
        String decoded = raw.indexOf('%') < 0 ? raw : decode(raw);
        if (decoded.length() > LONGEST_SEGMENT || decoded.equals(".") || decoded.equals("..")) {
            throw malformed();
        }
        for (int i = 0; i < decoded.length(); i++) {
            if (!isPlain(decoded.charAt(i))) {
                throw malformed();
            }
        }
        return decoded;
    }

    private static String decode(String raw) {
        StringBuilder decoded = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (i + 2 >= raw.length()) {
                    throw malformed();
                }
                int high = Character.digit(raw.charAt(i + 1), 16);
                int low = Character.digit(raw.charAt(i + 2), 16);
                if (high < 0 || low < 0) {
                    throw malformed();
                }
                decoded.append((char) (high * 16 + low));
                i += 2;
            } else {
                decoded.append(c);
            }
        }
        return decoded.toString();
    }

    private static Refusal malformed() {
        return Refusal.of(
                ErrorCode.MALFORMED_PATH, "Names and ids in a path are 1 to 128 of the characters A-Z a-z 0-9 . _ -");
    }
}
