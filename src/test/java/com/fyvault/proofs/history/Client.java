package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import com.fyvault.support.Api;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one thing after the other, each of a node and with a token drawn by lot, and notes what it was told.
 * A change whose outcome is unknown is repeated when it was sent with an Idempotency-Key; else it stays open.
 * A 503 that does not say so has promised that nothing happened, and is held to it: it is left out.
 */
final class Client {
    private static final int MOST_TRIES = 4;
    private static final long PAUSE_NANOS = 20_000_000;

    private final int number;
    private final Cluster cluster;
    private final Tokens tokens;
    private final Tally tally;
    private final SplittableRandom random;
    private final Map<String, Tag> tags = new HashMap<>();
    private int writes;

    /** What the last read of a value was tagged with. */
    private record Tag(String etag, long version) {}

    Client(int number, Cluster cluster, Tokens tokens, Tally tally, SplittableRandom random) {
        this.number = number;
        this.cluster = cluster;
        this.tokens = tokens;
        this.tally = tally;
        this.random = random;
    }

    /** Asks about the secret until something was told, or is in doubt; now and then revokes a token before. */
    void next(TestSecret secret, BooleanSupplier over) {
        if (random.nextInt(250) == 0) {
            tokens.revokeOne(number, random);
        }
        boolean told = false;
        while (!told && !over.getAsBoolean()) {
            told = send(secret, Request.of(secret, ask(secret), random));
        }
    }

    /**
     * The request, and once more as long as its outcome is unknown and it may be repeated. False when nothing
     * was done and nothing was told.
     */
    private boolean send(TestSecret secret, Request request) {
        TestToken token = tokens.some(random);
        @Nullable String tagged = request.ask() instanceof Ask.Read read ? secret.name() + read.place() : null;
        @Nullable Tag tag = tagged == null || random.nextBoolean() ? null : tags.get(tagged);
        String key = request.isChange() && random.nextBoolean() ? number + "-" + ++writes : "";
        Request sent = tag == null ? request.with(key) : request.unless(tag.etag());
        long called = System.nanoTime();
        boolean open = false;
        for (int tries = 1; tries == 1 || (open && tries <= MOST_TRIES && !key.isEmpty()); tries++) {
            Api.@Nullable Answer answer = attempt(token, sent);
            if (answer == null || isUnknown(answer)) {
                open = request.isChange();
                continue;
            }
            @Nullable Told told = Answers.told(request.ask(), answer, tag == null ? 0 : tag.version());
            // A refusal does not close what may still be on its way; only the repeated answer of the change does.
            if (told != null && (!open || told instanceof Told.Done)) {
                secret.add(new Operation<>(number, request.ask(), told, called, System.nanoTime()));
                if (tagged != null && answer.status() == 200 && told instanceof Told.Value value) {
                    tags.put(tagged, new Tag(answer.etag(), value.version()));
                }
                return true;
            }
        }
        if (open) {
            tally.unknown();
            secret.add(Operation.open(number, request.ask(), called));
        }
        return open;
    }

    private Api.@Nullable Answer attempt(TestToken token, Request request) {
        long called = System.nanoTime();
        try {
            Api.Answer answer = request.send(cluster.some(random, token.text()));
            tally.answered(request, answer);
            TokenModel.@Nullable Told use = Answers.use(answer);
            if (use != null) {
                token.seen().add(new Operation<>(number, TokenModel.Ask.USE, use, called, System.nanoTime()));
            }
            if (answer.status() == 503) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return answer;
        } catch (RuntimeException cut) {
            tally.cut();
            LockSupport.parkNanos(PAUSE_NANOS);
            return null;
        }
    }

    private Ask ask(TestSecret secret) {
        Place place = random.nextInt(4) == 0 ? Place.STAGING : Place.PRODUCTION;
        long newest = secret.newest(place);
        int lot = random.nextInt(100);
        if (lot < 48) {
            return new Ask.Read(place);
        }
        if (lot < 54) {
            return new Ask.View(place);
        }
        if (lot < 70) {
            return new Ask.Write(place, named(secret), 0);
        }
        if (lot < 84) {
            return new Ask.Write(place, named(secret), Math.max(1, newest));
        }
        if (lot < 88) {
            return new Ask.Write(place, SecretModel.MADE + number + "|" + ++writes, 0);
        }
        if (lot < 92) {
            return new Ask.RollBack(place, 1 + random.nextLong(newest + 1));
        }
        return new Ask.SetDeleted(lot < 94);
    }

    private String named(TestSecret secret) {
        return SecretModel.NAMED + secret.name() + "|" + number + "|" + ++writes;
    }

    private static boolean isUnknown(Api.Answer answer) {
        return (answer.status() == 503 && answer.code().equals("OUTCOME_UNKNOWN"))
                || (answer.status() == 409 && answer.code().equals("REQUEST_IN_PROGRESS"));
    }
}
