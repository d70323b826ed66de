package com.fyvault.factors;

import com.fyvault.crypto.RowSeal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/// Ten codes on paper, for the day the phone is gone: 80 random bits each, shown once, each good once.
///
/// What is kept is an HMAC over the person and the code, so a copy of the database cannot be searched for codes, and
/// a row copied to another person is worth nothing.
final class RecoveryCodes {
    static final int MANY = 10;

    private static final int BYTES = 10;
    private static final Pattern SHAPE = Pattern.compile("[a-zA-Z2-7]{4}(-[a-zA-Z2-7]{4}){3}");

    private final RowSeal seals;
    private final SecureRandom random;

    RecoveryCodes(RowSeal seals, SecureRandom random) {
        this.seals = seals;
        this.random = random;
    }

    /// As they are shown: four times four characters of base 32.
    List<String> draw() {
        List<String> codes = new ArrayList<>(MANY);
        for (int i = 0; i < MANY; i++) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            String text = Base32.encode(bytes).toLowerCase(Locale.ROOT);
            codes.add(String.join(
                    "-", text.substring(0, 4), text.substring(4, 8), text.substring(8, 12), text.substring(12)));
        }
        return codes;
    }

    /// The shape that was shown, in either case. Nothing is trimmed.
    static boolean isCode(String text) {
        return SHAPE.matcher(text).matches();
    }

    /// What is kept of a code.
    byte[] hash(UUID user, String code) {
        return seals.fields("recovery.1")
                .add(user)
                .add(code.toLowerCase(Locale.ROOT))
                .seal();
    }
}
