package com.fyvault.scan;

import com.google.re2j.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what the rules look for in the bytes of one content.
///
/// One pass looks for the keywords of all rules ([Keywords]); expressions run only where a keyword stands: just there
/// for a rule whose matches begin with it, else over a window around it, and windows of a rule that touch are one. So
/// the cost is that of the pass, unless somebody writes a text full of keywords: for that there is a budget. What
/// exceeds it, or has too many findings, is said to be cut short.
public final class Detector {
    /// Findings of one content.
    public static final int MOST_FINDINGS = 1000;
    /// Bytes that an anchored match may have.
    private static final int LONGEST_MATCH = 16 * 1024;
    /// Bytes to either side of a match that count as its line.
    private static final int LONGEST_LINE = 1024;
    /// How often each byte of a file may be read by expressions on average. Ordinary source needs less than one.
    private static final int READS_OF_A_FILE = 128;
    /// The same for texts of strangers, whose time is shared with others'.
    private static final int READS_OF_A_TEXT = 16;
    /// Reads that every content may have.
    private static final long READS_ANYHOW = 4 * 1024 * 1024;
    private static final List<String> ALLOWED_HERE = List.of("fyvault:allow", "gitleaks:allow");

    /// @param cut there may be more
    public record Found(List<Finding> findings, boolean cut) {}

    private final List<Rule> rules;
    private final List<Allowlist> allowlists;
    private final Keywords keywords;
    private final int[] everywhere;
    private final int readsAByte;

    /// For files that somebody has chosen to look at.
    public static Detector ofFiles(RuleSet set) {
        return new Detector(set, READS_OF_A_FILE);
    }

    /// For texts that anybody may send.
    static Detector ofTexts(RuleSet set) {
        return new Detector(set, READS_OF_A_TEXT);
    }

    private Detector(RuleSet set, int readsAByte) {
        this.readsAByte = readsAByte;
        this.rules = set.rules();
        this.allowlists = set.allowlists();
        this.keywords = Keywords.of(rules);
        this.everywhere = rules.stream()
                .filter(rule -> rule.keywords().isEmpty())
                .mapToInt(rules::indexOf)
                .toArray();
    }

    /// Everything in the first `length` bytes, in the order of the lines.
    public Found scan(byte[] bytes, int length, Place place) {
        return new Pass(bytes, length, place).run(null);
    }

    /// The same; whoever takes it is given each secret as well.
    Found scan(byte[] bytes, int length, Place place, @Nullable Taker taker) {
        return new Pass(bytes, length, place).run(taker);
    }

    /// A match that was not allowed: a rule's number and where its secret stands.
    private record Match(int rule, int from, int to) {
        boolean overlaps(Match other) {
            return from < other.to && other.from < to;
        }
    }

    /// One content. Which bytes of it a rule has been through is kept by the rule's number.
    private final class Pass {
        private final byte[] bytes;
        private final int length;
        private final Place place;
        private final int[] doneTo = new int[rules.size()];
        private final int[] windowFrom = new int[rules.size()];
        private final int[] windowTo = new int[rules.size()];
        private final @Nullable Boolean[] concerned = new @Nullable Boolean[rules.size()];
        private final List<Match> matches = new ArrayList<>(0);
        private long readsLeft;
        private boolean cut;

        Pass(byte[] bytes, int length, Place place) {
            this.bytes = bytes;
            this.length = length;
            this.place = place;
            this.readsLeft = READS_ANYHOW + (long) readsAByte * length;
        }

        Found run(@Nullable Taker taker) {
            int at = 0;
            int state = 0;
            while (at < length) {
                long stop = keywords.walk(bytes, at, length, state);
                state = (int) (stop >>> Integer.SIZE);
                at = (int) stop;
                if (keywords.accepts(state)) {
                    meet(keywords.endings(state), at);
                }
            }
            for (int rule = 0; rule < windowTo.length; rule++) {
                search(rule);
            }
            for (int rule : everywhere) {
                windowTo[rule] = length;
                search(rule);
            }
            return new Found(told(taker), cut);
        }

        private void meet(Keywords.Entry[] entries, int end) {
            for (Keywords.Entry entry : entries) {
                Rule rule = rules.get(entry.rule());
                int from = end - entry.text().length;
                if (!rule.facts().anchored()) {
                    widen(entry.rule(), from, end);
                } else if (from >= doneTo[entry.rule()] && rule.mayBeginAt(bytes, from, entry.text())) {
                    tryAt(entry.rule(), from);
                }
            }
        }

        private void tryAt(int number, int from) {
            if (isSpent() || !concerns(number)) {
                return;
            }
            Latin view = new Latin(bytes, from, (int) Math.min(length, (long) from + LONGEST_MATCH));
            Matcher matcher = rules.get(number).pattern().matcher(view);
            if (matcher.lookingAt()) {
                keep(number, matcher, from);
                doneTo[number] = from + Math.max(1, matcher.end());
            }
            readsLeft -= view.reads();
        }

        /// Adds the surroundings of a keyword to the rule's window, or begins the next one behind it.
        private void widen(int number, int from, int end) {
            Rule.Reach reach = rules.get(number).facts().reach();
            int begin = Math.max(doneTo[number], from - reach.before());
            if (begin > windowTo[number]) {
                search(number);
            }
            if (windowTo[number] == 0) {
                windowFrom[number] = begin;
            }
            windowTo[number] = (int) Math.min(length, (long) end + reach.behind());
        }

        private void search(int number) {
            if (windowTo[number] == 0) {
                return;
            }
            int from = windowFrom[number];
            Latin view = new Latin(bytes, from, windowTo[number]);
            windowTo[number] = 0;
            doneTo[number] = from;
            if (isSpent() || !concerns(number)) {
                return;
            }
            Matcher matcher = rules.get(number).pattern().matcher(view);
            while (!cut && matcher.find()) {
                keep(number, matcher, from);
                doneTo[number] = from + matcher.end();
            }
            readsLeft -= view.reads();
        }

        private boolean isSpent() {
            cut |= readsLeft <= 0;
            return cut;
        }

        /// Some rules are for some files only.
        private boolean concerns(int number) {
            @Nullable Boolean known = concerned[number];
            if (known == null) {
                var path = rules.get(number).facts().path();
                known = path == null || path.matcher(place.path()).find();
                concerned[number] = known;
            }
            return known;
        }

        private void keep(int number, Matcher matcher, int from) {
            Rule rule = rules.get(number);
            int group = rule.secretGroup(matcher);
            String secret = matcher.group(group);
            if (secret == null
                    || secret.isEmpty()
                    || !rule.facts().checksum().holds(secret)
                    || (rule.facts().entropy() > 0
                            && Entropy.of(secret) <= rule.facts().entropy())) {
                return;
            }
            Match match = new Match(number, from + matcher.start(group), from + matcher.end(group));
            if (isAllowed(rule, new Allowlist.Candidate(rule.id(), secret, matcher.group(), line(match), place))) {
                return;
            }
            cut |= matches.size() == MOST_FINDINGS;
            if (!cut) {
                matches.add(match);
            }
        }

        private boolean isAllowed(Rule rule, Allowlist.Candidate candidate) {
            return ALLOWED_HERE.stream().anyMatch(candidate.line()::contains)
                    || rule.facts().allowlists().stream().anyMatch(list -> list.allows(candidate))
                    || allowlists.stream().anyMatch(list -> list.allows(candidate));
        }

        /// The line in which a match begins, or as much of it as stands near.
        private String line(Match match) {
            int from = match.from();
            while (from > 0 && match.from() - from < LONGEST_LINE && bytes[from - 1] != '\n') {
                from--;
            }
            int to = match.to();
            while (to < length && to - match.to() < LONGEST_LINE && bytes[to] != '\n') {
                to++;
            }
            return text(from, to);
        }

        /// Of matches that overlap the surest one, and of equally sure ones that of the earlier rule.
        private List<Finding> told(@Nullable Taker taker) {
            if (matches.isEmpty()) {
                return List.of();
            }
            matches.sort(Comparator.comparing(
                            (Match match) -> rules.get(match.rule()).facts().confidence())
                    .thenComparingInt(Match::rule));
            List<Match> kept = new ArrayList<>();
            for (Match match : matches) {
                if (kept.stream().noneMatch(match::overlaps)) {
                    kept.add(match);
                }
            }
            kept.sort(Comparator.comparingInt(Match::from));
            return numbered(kept, taker);
        }

        private List<Finding> numbered(List<Match> kept, @Nullable Taker taker) {
            List<Finding> findings = new ArrayList<>(kept.size());
            int line = 1;
            int lineFrom = 0;
            int at = 0;
            for (Match match : kept) {
                for (; at < match.from(); at++) {
                    if (bytes[at] == '\n') {
                        line++;
                        lineFrom = at + 1;
                    }
                }
                Rule.Facts facts = rules.get(match.rule()).facts();
                String secret = text(match.from(), match.to());
                Finding finding = new Finding(
                        facts.id(),
                        facts.description(),
                        facts.confidence(),
                        Finding.mask(secret),
                        line,
                        match.from() - lineFrom + 1,
                        place,
                        Finding.fingerprint(facts.id(), secret));
                findings.add(finding);
                if (taker != null) {
                    hand(taker, finding, match);
                }
            }
            return findings;
        }

        private void hand(Taker taker, Finding finding, Match match) {
            byte[] secret = Arrays.copyOfRange(bytes, match.from(), match.to());
            try {
                taker.take(finding, secret);
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        }

        private String text(int from, int to) {
            return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.ISO_8859_1);
        }
    }
}
