package com.fyvault.scan;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One format that is looked for. Its expression is RE2's, so that no text makes it run long, and is compiled when a
/// keyword was met for the first time: most are never needed.
final class Rule {
    private static final String WORD_BEGINS = "\\b";

    /// What a rule file says.
    ///
    /// @param regex the expression
    /// @param path an expression that the file's path must match, or null
    /// @param keywords one of them must stand near, in any case; none means that everything is searched
    /// @param anchored the match begins with a keyword, written just so
    /// @param reach bytes before and behind a keyword that are searched, when the rule is not anchored
    /// @param entropy bits a character that the secret must exceed
    /// @param secretGroup the group that is the secret; 0 for the first that matched, or all
    record Facts(
            String id,
            String description,
            String regex,
            @Nullable Pattern path,
            List<String> keywords,
            boolean anchored,
            Reach reach,
            double entropy,
            int secretGroup,
            Checksum checksum,
            Confidence confidence,
            List<Allowlist> allowlists) {}

    /// How far from a keyword a match may begin and end.
    record Reach(int before, int behind) {
        /// Enough for whatever fits on some lines, a private key of 8,192 bits included.
        static final Reach USUAL = new Reach(512, 8192);
    }

    private final Facts facts;
    private final List<byte[]> keywords;
    private final boolean wordBegins;
    private volatile @Nullable Pattern compiled;

    Rule(Facts facts) {
        this.facts = facts;
        this.keywords = facts.keywords().stream()
                .map(keyword -> keyword.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.wordBegins = facts.regex().startsWith(WORD_BEGINS);
    }

    String id() {
        return facts.id();
    }

    Facts facts() {
        return facts;
    }

    List<byte[]> keywords() {
        return keywords;
    }

    /// @throws com.google.re2j.PatternSyntaxException when the expression is none
    Pattern pattern() {
        @Nullable Pattern known = compiled;
        if (known == null) {
            // RE2/J reads on to the end of the text unless the expression itself says that it may not.
            known = Pattern.compile(facts.anchored() ? "^(?:" + facts.regex() + ")" : facts.regex());
            compiled = known;
        }
        return known;
    }

    /// True when a match of an anchored rule can begin at the keyword: it stands there in the rule's own case, and no
    /// word runs into it where the expression asks for that.
    boolean mayBeginAt(byte[] bytes, int at, byte[] keyword) {
        if (wordBegins && at > 0 && isWord(bytes[at - 1])) {
            return false;
        }
        for (int i = 0; i < keyword.length; i++) {
            if (bytes[at + i] != keyword[i]) {
                return false;
            }
        }
        return true;
    }

    /// The number of the group that is the secret.
    int secretGroup(Matcher matcher) {
        if (facts.secretGroup() > 0) {
            return facts.secretGroup();
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.start(group) >= 0 && matcher.end(group) > matcher.start(group)) {
                return group;
            }
        }
        return 0;
    }

    static boolean isWord(byte character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_';
    }
}
