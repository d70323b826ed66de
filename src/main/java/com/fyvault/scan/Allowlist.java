package com.fyvault.scan;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is no finding although a rule matches. One thing that is named suffices, or with {@code all} one of each kind.
 *
 * @param targets the rules that it holds for; none means every rule
 * @param all every kind that is named must agree
 * @param over what the expressions are held against
 */
record Allowlist(
        Set<String> targets,
        boolean all,
        Over over,
        List<Pattern> regexes,
        List<String> stopwords,
        List<Pattern> paths,
        Set<String> commits) {

    /** The text that the expressions of an allowlist are held against. */
    enum Over {
        SECRET,
        MATCH,
        LINE
    }

    /** A match, as an allowlist sees it. */
    record Candidate(String rule, String secret, String match, String line, Place place) {
        private String text(Over over) {
            return switch (over) {
                case SECRET -> secret;
                case MATCH -> match;
                case LINE -> line;
            };
        }
    }

    boolean allows(Candidate found) {
        if (!targets.isEmpty() && !targets.contains(found.rule())) {
            return false;
        }
        @Nullable Boolean byRegex = asked(regexes) ? anyMatches(regexes, found.text(over)) : null;
        @Nullable Boolean byWord = asked(stopwords) ? holdsStopword(found.secret()) : null;
        @Nullable
        Boolean byPath = asked(paths) ? anyMatches(paths, found.place().path()) : null;
        @Nullable String commit = found.place().commit();
        @Nullable Boolean byCommit = commits.isEmpty() ? null : commit != null && commits.contains(commit);
        int yes = count(true, byRegex, byWord, byPath, byCommit);
        int no = count(false, byRegex, byWord, byPath, byCommit);
        return all ? yes > 0 && no == 0 : yes > 0;
    }

    private static boolean asked(List<?> list) {
        return !list.isEmpty();
    }

    private boolean holdsStopword(String secret) {
        String lower = secret.toLowerCase(Locale.ROOT);
        return stopwords.stream().anyMatch(lower::contains);
    }

    private static boolean anyMatches(List<Pattern> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }

    private static int count(boolean wanted, @Nullable Boolean... answers) {
        int count = 0;
        for (@Nullable Boolean answer : answers) {
            if (answer != null && answer == wanted) {
                count++;
            }
        }
        return count;
    }
}
