package com.fyvault.scan;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One search through many contents, and what came of it. A secret of a history is told once for each file, with the commit
 * that brought it: later versions of the file have it too.
 */
public final class Search {
    /** Bytes of a content; what is larger is not looked at. */
    public static final int LARGEST = 32 * 1024 * 1024;
    /** Findings of a search. */
    static final int MOST_FINDINGS = 100_000;
    /** Contents whose names are told when they were not looked at; the others are counted. */
    private static final int MOST_NAMED = 100;
    /** As far as git looks for a zero byte to tell what is no text. */
    private static final int HEAD = 8000;

    /**
     * @param contents that were looked at
     * @param binary contents that are no text
     * @param passedOver contents that were not looked at, or not whole
     * @param named some of those, and why
     * @param failed some could not be read, though they should have been
     */
    public record Result(
            List<Finding> findings,
            long contents,
            long bytes,
            long binary,
            long passedOver,
            List<String> named,
            boolean failed) {}

    private final Detector detector;
    private final @Nullable Taker taker;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final List<String> named = new ArrayList<>();
    private long contents;
    private long bytes;
    private long binary;
    private long passedOver;
    private boolean failed;

    public Search(RuleSet rules) {
        this(rules, null);
    }

    /** @param taker is given every secret, also those that are told already; null when nobody wants them */
    public Search(RuleSet rules, @Nullable Taker taker) {
        this.detector = Detector.ofFiles(rules);
        this.taker = taker;
    }

    /** Looks through the first bytes of an array. */
    void look(byte[] content, int length, Place place) {
        contents++;
        bytes += length;
        @Nullable Charset wide = wide(content, length);
        if (wide != null) {
            byte[] narrow = new String(content, 2, length - 2, wide).getBytes(StandardCharsets.UTF_8);
            keep(detector.scan(narrow, narrow.length, place, taker), place);
        } else if (isBinary(content, length)) {
            binary++;
        } else {
            keep(detector.scan(content, length, place, taker), place);
        }
    }

    /** Notes what is not looked at because of a limit. */
    void passOver(String path, String why) {
        passedOver++;
        if (named.size() < MOST_NAMED) {
            named.add(Finding.plain(path) + ": " + why);
        }
    }

    /** Notes what should have been looked at, and could not be. */
    void fail(String path, String why) {
        failed = true;
        passOver(path, why);
    }

    public Result result() {
        return new Result(List.copyOf(findings), contents, bytes, binary, passedOver, List.copyOf(named), failed);
    }

    private void keep(Detector.Found found, Place place) {
        boolean cut = found.cut();
        for (Finding finding : found.findings()) {
            boolean full = findings.size() == MOST_FINDINGS;
            if (!full && (place.commit() == null || seen.add(finding.fingerprint() + place.path()))) {
                findings.add(finding);
            }
            cut |= full;
        }
        if (cut) {
            passOver(place.path(), "has more findings or keywords than are looked at");
        }
    }

    /** Two bytes a character, as some editors write; null for all else. */
    private static @Nullable Charset wide(byte[] content, int length) {
        if (length < 2) {
            return null;
        }
        int mark = (content[0] & 0xff) << 8 | (content[1] & 0xff);
        return mark == 0xfeff ? StandardCharsets.UTF_16BE : mark == 0xfffe ? StandardCharsets.UTF_16LE : null;
    }

    private static boolean isBinary(byte[] content, int length) {
        int head = Math.min(length, HEAD);
        for (int at = 0; at < head; at++) {
            if (content[at] == 0) {
                return true;
            }
        }
        return false;
    }
}
