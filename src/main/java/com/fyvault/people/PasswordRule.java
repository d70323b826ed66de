package com.fyvault.people;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import me.gosimple.nbvcxz.Nbvcxz;
import me.gosimple.nbvcxz.resources.Configuration;
import me.gosimple.nbvcxz.resources.ConfigurationBuilder;
import me.gosimple.nbvcxz.resources.Dictionary;
import me.gosimple.nbvcxz.resources.DictionaryBuilder;
import me.gosimple.nbvcxz.resources.DictionaryUtil;

/**
 * Which passwords are taken: 12 to 256 characters of any kind, and none that is guessed early. What is early is told by
 * the bundled 100,000 commonest passwords and how people vary them (repeated, backwards, with digits for letters, along
 * the keyboard), as the estimator nbvcxz counts guesses; one's own address and name count as common too.
 *
 * <p>A password is normalised to NFKC (NIST SP 800-63B-4, 3.1.1.2), so that it is the same from every keyboard.
 */
final class PasswordRule {
    private static final int SHORTEST = 12;
    private static final int LONGEST = 256;
    /** Bits: 2^35 guesses are some hundred years at the rate that a login may be tried. */
    private static final double LEAST_BITS = 35;
    /** What is longer than this is looked at up to here; the work grows steeply with the length. */
    private static final int LOOKED_AT = 64;

    private static final int SHORTEST_WORD = 4;

    private PasswordRule() {}

    /** The 100,000 are read when they are first needed. */
    private static final class Common {
        static final Dictionary PASSWORDS =
                new Dictionary("passwords", DictionaryUtil.loadRankedDictionary("passwords.txt"), false);
    }

    /** The bytes of a password to be hashed or verified; what is no password is never one. */
    static byte[] normalised(byte[] password) {
        String text = new String(password, StandardCharsets.UTF_8);
        return Normalizer.normalize(text, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
    }

    /** Refuses a password by its length; cheap. */
    static void checkLength(byte[] normalised) {
        String text = new String(normalised, StandardCharsets.UTF_8);
        int characters = text.codePointCount(0, text.length());
        if (characters < SHORTEST || characters > LONGEST) {
            throw Refusal.of(
                    ErrorCode.PASSWORD_REFUSED, "A password has " + SHORTEST + " to " + LONGEST + " characters");
        }
    }

    /** Refuses a common password, and one made of the person's own words. Takes milliseconds: not for an event loop. */
    static void check(byte[] normalised, List<String> own) {
        checkLength(normalised);
        String text = new String(normalised, StandardCharsets.UTF_8);
        if (isOwn(text, own) || !estimator(own).estimate(text).isMinimumEntropyMet()) {
            throw Refusal.of(
                    ErrorCode.PASSWORD_REFUSED,
                    "The password is a common one, or made of your own address or name; choose another");
        }
    }

    private static boolean isOwn(String password, List<String> own) {
        String folded = password.strip().toLowerCase(Locale.ROOT);
        return own.stream().anyMatch(word -> folded.equals(word.strip().toLowerCase(Locale.ROOT)));
    }

    private static Nbvcxz estimator(List<String> own) {
        Map<String, Integer> words = new TreeMap<>();
        for (String text : own) {
            String folded = text.strip().toLowerCase(Locale.ROOT);
            if (folded.length() >= SHORTEST_WORD) {
                words.put(folded, 1);
            }
            for (String word : folded.split("[^\\p{L}\\p{N}]+", -1)) {
                if (word.length() >= SHORTEST_WORD) {
                    words.put(word, 1);
                }
            }
        }
        DictionaryBuilder ownWords =
                new DictionaryBuilder().setDictionaryName("own").setExclusion(false);
        words.forEach((word, rank) -> {
            DictionaryBuilder _ = ownWords.addWord(word, rank);
        });
        Configuration configuration = new ConfigurationBuilder()
                .setDictionaries(List.of(Common.PASSWORDS, ownWords.createDictionary()))
                .setMinimumEntropy(LEAST_BITS)
                .setMaxLength(LOOKED_AT)
                .setLocale(Locale.ENGLISH)
                .createConfiguration();
        return new Nbvcxz(configuration);
    }

    /** For a test: the commonest passwords by their rank. */
    static Set<String> common() {
        return Common.PASSWORDS.getDictonary().keySet();
    }
}
