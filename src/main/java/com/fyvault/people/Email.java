package com.fyvault.people;

import com.fyvault.platform.http.Fields;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address.
 *
 * @param key what it is found, compared and counted by: trimmed, NFKC, lower case; what looks the same is the same
 * @param mailbox as it was written, which is where mail goes
 */
public record Email(String key, String mailbox) {
    /** Characters of an address (RFC 5321, 4.5.3.1.3). */
    public static final int LONGEST = 254;

    private static final int LONGEST_LOCAL = 64;
    // Nothing that is not seen: no separators, and nothing that turns the direction of what follows.
    private static final Pattern SHAPE =
            Pattern.compile("[^\\s\\p{C}\\p{Z}@<>\"(),:;\\\\\\[\\]]{1,64}@[^\\s\\p{C}\\p{Z}@]{1,253}");
    private static final Pattern DOMAIN =
            Pattern.compile("(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)*"
                    + "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?");

    /** The address of a text, or null when it is none. */
    public static @Nullable Email parse(String text) {
        String mailbox = text.strip();
        String key = keyOf(mailbox);
        int at = key.indexOf('@');
        boolean plain = mailbox.length() <= LONGEST
                && key.length() <= LONGEST
                && at <= LONGEST_LOCAL
                && mailbox.chars().noneMatch(Character::isISOControl)
                && SHAPE.matcher(mailbox).matches()
                && SHAPE.matcher(key).matches()
                && DOMAIN.matcher(key.substring(at + 1)).matches();
        return plain ? new Email(key, mailbox) : null;
    }

    /** The address in a field of a body; refused when it is none. */
    public static Email in(Fields body, String field) {
        @Nullable Email email = parse(body.text(field, LONGEST));
        if (email == null) {
            throw Fields.invalid(field, "is not an e-mail address");
        }
        return email;
    }

    /**
     * The key of a text that may be no address at all: an unknown account is looked for and counted like a known one.
     */
    public static String keyOf(String text) {
        String plain = Normalizer.normalize(text.strip(), Normalizer.Form.NFKC).strip();
        // Twice: lower case may leave what NFKC would put together.
        return Normalizer.normalize(plain.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
    }

    @Override
    public String toString() {
        return "Email[..]";
    }
}
