package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was mailed to an address to be sent back, which proves that it arrived there: once, and not for long. */
public interface MailTokens {
    /** What a token is for. */
    enum Purpose {
        SIGN_UP(Duration.ofHours(24)),
        RESET(Duration.ofMinutes(30));

        private final Duration life;

        Purpose(Duration life) {
            this.life = life;
        }

        Duration life() {
            return life;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a token stands for.
     *
     * @param emailKey the address that it was mailed to
     * @param payload what is to happen; sealed where it is stored
     */
    record Errand(
            Purpose purpose, String emailKey, @Nullable UUID userId, String payload) {}

    /** Tokens that an address is sent in an hour, whoever asks for them. */
    int MOST_AN_HOUR = 5;

    /** True when the address was sent as many lately as it may be. */
    Future<Boolean> isFull(Transaction transaction, Purpose purpose, String emailKey);

    /** A new token for the errand. */
    Future<String> issue(Transaction transaction, Errand errand);

    /** The errand of a token, which is used up; null when it is not known, too old, or was used. */
    Future<@Nullable Errand> use(Transaction transaction, Purpose purpose, String token);

    /** The same, not used up: what is still to be looked at before. */
    Future<@Nullable Errand> look(Purpose purpose, String token);

    /** The newest errand of an address that still waits; null for none. */
    Future<@Nullable Errand> newest(Transaction transaction, Purpose purpose, String emailKey);

    /** Uses up every token of an address for a purpose. */
    Future<Void> useAll(Transaction transaction, Purpose purpose, String emailKey);
}
