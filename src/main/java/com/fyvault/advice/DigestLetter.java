package com.fyvault.advice;

import com.fyvault.people.Mail;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The weekly mail: what to look at, by names and last characters alone. */
final class DigestLetter {
    private static final int MOST = 20;
    private static final int LONGEST_NAME = 128;

    private DigestLetter() {}

    /** @param more whether there is more than was found */
    static Mail of(String to, String organization, List<Advice> advice, boolean more) {
        StringBuilder text = new StringBuilder("What needs attention in the organization \"")
                .append(plain(organization))
                .append("\" on FyVault, the most urgent first.\n\n");
        advice.stream().limit(MOST).forEach(one -> add(text, one));
        int left = advice.size() - MOST;
        if (left > 0 || more) {
            text.append("And ")
                    .append(more ? "more than " : "")
                    .append(Math.max(left, 1))
                    .append(" more.\n\n");
        }
        return new Mail(
                to,
                "FyVault: what needs attention in your organization",
                text.append(
                                "All of it: GET /orgs/{org}/advice. This mail comes once a week at most, while there is something to"
                                        + " look at; PATCH /orgs/{org}/digest ends it.\n")
                        .toString());
    }

    private static void add(StringBuilder text, Advice one) {
        text.append("- ")
                .append(one.severity())
                .append(": ")
                .append(what(one.kind()))
                .append(' ')
                .append(plain(one.name()));
        @Nullable String last4 = one.last4();
        if (last4 != null) {
            text.append(" (..").append(plain(last4)).append(')');
        }
        if (!one.environments().isEmpty()) {
            text.append(", ")
                    .append(plain(String.join(
                            " ", one.environments().stream().limit(5).toList())));
        }
        text.append(one.kind().isAhead() ? ", until " : ", since ")
                .append(one.place().at().atOffset(ZoneOffset.UTC).toLocalDate())
                .append(".\n  ")
                .append(one.kind().whatToDo())
                .append("\n\n");
    }

    private static String what(Advice.Kind kind) {
        return switch (kind) {
            case SECRET_LEAKED -> "leaked, and still in use:";
            case WEBHOOK_SECRET_LEAKED -> "the secret of a webhook leaked, and still signs:";
            case PROVIDER_EXPIRING -> "the token of a provider expires:";
            case KEY_EXPIRING -> "a token expires:";
            case WEBHOOK_PAUSED -> "a webhook is paused:";
            case SECRET_NEVER_ROTATED -> "never rotated:";
            case KEY_UNUSED -> "unused for 90 days:";
        };
    }

    /** People have chosen these names; a mail is no place for links of theirs. */
    private static String plain(String name) {
        String plain = name.replaceAll("[^\\p{L}\\p{N} ._-]", " ").strip();
        String cut = plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
        return cut.toLowerCase(Locale.ROOT).contains("www.") ? cut.replace('.', ' ') : cut;
    }
}
