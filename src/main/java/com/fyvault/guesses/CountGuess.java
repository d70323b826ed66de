package com.fyvault.guesses;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Bounds guesses at what a person chose or was given, over all nodes: 100 in any hour for a password (NIST SP 800-63B,
 * 5.2.2), 5 in any 15 minutes for a code, of which there are only a million.
 *
 * <p>A guess is counted before it is looked at, right or wrong. Whoever asks goes on only when the answer is a success:
 * when PostgreSQL is away, nobody may guess. Nothing of it is in Redis or in a node, so no flush and no restart gives
 * anybody more. The account is known by a keyed hash of its name; spellings that a person would take for the same
 * are the same.
 */
public final class CountGuess {
    private static final GuessStore.Bound HOURLY = new GuessStore.Bound(100, Duration.ofHours(1));
    private static final GuessStore.Bound SHORT = new GuessStore.Bound(5, Duration.ofMinutes(15));

    /** What separates nothing or cannot be seen: spaces, controls, marks without width. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Z}\\p{C}]+");

    private static final int MOST_ROUNDS = 5;

    private final GuessStore store;
    private final RowSeal seals;

    /** What is guessed. Each kind has a count of its own. */
    public enum Kind {
        PASSWORD,
        ONE_TIME_CODE,
        RECOVERY_CODE,
        PASSKEY;

        private GuessStore.Bound bound() {
            return this == ONE_TIME_CODE || this == RECOVERY_CODE ? SHORT : HOURLY;
        }
    }

    public CountGuess(GuessStore store, RowSeal seals) {
        this.store = store;
        this.seals = seals;
    }

    /** Done when the guess may be looked at. RATE_LIMITED when it is one too many; any failure means no. */
    public Future<Void> count(Kind kind, String account) {
        return store.count(subject(kind, account), kind.bound()).compose(wait -> {
            if (wait.isZero()) {
                return Future.succeededFuture();
            }
            return Future.failedFuture(Refusal.of(ErrorCode.RATE_LIMITED)
                    .withHeaders(Map.of("retry-after", Long.toString(wait.toSeconds()))));
        });
    }

    /** The guess was right: the account's count begins anew. Only whoever knows the secret comes here. */
    public Future<Void> right(Kind kind, String account) {
        return store.forget(subject(kind, account));
    }

    private byte[] subject(Kind kind, String account) {
        return seals.fields("guess.1").add(kind.name()).add(normalised(account)).seal();
    }

    /** One spelling for all that look alike: compatible forms (NFKC), one case, nothing unseen. */
    static String normalised(String account) {
        String before = account;
        String now = once(account);
        // What was taken out may have kept apart what belongs together.
        for (int i = 1; i < MOST_ROUNDS && !now.equals(before); i++) {
            before = now;
            now = once(now);
        }
        return now;
    }

    private static String once(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC);
        String folded = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return UNSEEN.matcher(Normalizer.normalize(folded, Normalizer.Form.NFKC))
                .replaceAll("");
    }
}
