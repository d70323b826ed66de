package com.fyvault.credentials;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Mints a short-lived token from an API key: what the key has, or less, for at most a day. */
final class MintSession {
    private static final long SHORTEST = 60;
    private static final long LONGEST = 86_400;
    private static final long USUAL = 900;

    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final int mostSessions;

    /** @param mostSessions live sessions that one key may have */
    MintSession(KeyStore store, Reaches reaches, Minting minting, int mostSessions) {
        this.store = store;
        this.reaches = reaches;
        this.minting = minting;
        this.mostSessions = mostSessions;
    }

    Future<Answer> mint(Call call, Transaction transaction) {
        TokenKind kind = call.decision().kind();
        if (kind != TokenKind.API_KEY && kind != TokenKind.TEST_KEY && kind != TokenKind.LOGIN) {
            throw Refusal.of(ErrorCode.PARENT_MUST_BE_API_KEY);
        }
        KeyRequest request = KeyRequest.ofSession(call.body());
        Duration life = life(call.body());
        Maker maker = Maker.ofSession(call.decision());
        Credential parent = call.decision().credential();
        return store.roomForSession(transaction, parent, mostSessions).compose(room -> {
            if (room.taken() >= mostSessions) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "A key has at most " + mostSessions + " live session tokens");
            }
            Minting.Grant grant = new Minting.Grant(
                    request.label() == null ? "session of " + parent.label() : request.label(),
                    maker.scopes(request.scopes()),
                    room.now(),
                    maker.expiry(room.now().plus(life)));
            return reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(request, null))
                    .compose(reach -> minting.mint(
                            call,
                            transaction,
                            TokenKind.SESSION,
                            grant.within(reach).limitedTo(request.limits())))
                    .map(made -> answer(call, made));
        });
    }

    private static Answer answer(Call call, Minting.Made made) {
        Instant expiresAt = Objects.requireNonNull(made.credential().expiresAt());
        call.record().detail("expires_at", expiresAt.toString());
        JsonObject shown = KeyView.session(made.credential(), true);
        return Answer.created(shown.copy().put("token", made.token().exposeText()))
                .replayedAs(shown);
    }

    private static Duration life(Fields body) {
        try {
            @Nullable Long seconds = body.optionalNumber("ttlSeconds", SHORTEST, LONGEST);
            return Duration.ofSeconds(seconds == null ? USUAL : seconds);
        } catch (Refusal wrong) {
            throw Refusal.of(ErrorCode.TTL_OUT_OF_RANGE, wrong.publicText());
        }
    }
}
