package com.fyvault.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A text file of the project, which a test holds against the source. */
public record Document(String text) {

    /** @param path from the project's root */
    public static Document of(String path) {
        Path root = Path.of(System.getProperty("fyvault.basedir", ".")).toAbsolutePath();
        try {
            return new Document(Files.readString(root.resolve(path)));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** Every match of a pattern, in order. */
    public List<MatchResult> matches(String pattern) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }

    /** The text after each match of a pattern, up to the next one. */
    public List<String> parts(String pattern) {
        List<MatchResult> heads = matches(pattern);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            int to = i + 1 < heads.size() ? heads.get(i + 1).start() : text.length();
            parts.add(text.substring(heads.get(i).end(), to));
        }
        return parts;
    }
}
