package com.fyvault.connect;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.connect.ExchangeCode.Tools;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyRequest;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.providers.TellProvider;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person lets a provider in. What it is given is drawn up here, of what the person may give at this moment, and there is
 * no provider before somebody has the code, the verifier and a person who still may.
 */
final class ApproveProvider {
    static final Duration LIFE = Duration.ofMinutes(5);
    private static final int LONGEST_ID = 128;
    private static final int LONGEST_PREFIX = 128;
    private static final int LONGEST_URL = 512;
    private static final int LONGEST_STATE = 1_000;
    private static final Set<String> KNOWN = Set.of(
            "name",
            "secretPrefix",
            "projectId",
            "environments",
            "webhookUrl",
            "redirectUri",
            "state",
            "codeChallenge",
            "codeChallengeMethod");

    private final ConnectStore store;
    private final ChildTokens tokens;
    private final TellProvider telling;
    private final Tools tools;
    private final int most;

    /** @param most codes of an organization that can still be used */
    ApproveProvider(ConnectStore store, ChildTokens tokens, TellProvider telling, Tools tools, int most) {
        this.store = store;
        this.tokens = tokens;
        this.telling = telling;
        this.tools = tools;
        this.most = most;
    }

    Future<Answer> approve(Call call, Transaction transaction) {
        if (call.decision().kind() != TokenKind.LOGIN) {
            throw Refusal.of(ErrorCode.PERSON_REQUIRED, "Only a person who is logged in can let a provider in");
        }
        Wish wish = Wish.of(call.body());
        telling.check(wish.webhookUrl());
        return store.room(transaction, call.orgId()).compose(room -> {
            if (room.open() >= most) {
                throw Refusal.of(
                        ErrorCode.LIMIT_REACHED, "At most " + most + " codes wait to be exchanged in an organization");
            }
            ChildTokens.Order order = new ChildTokens.Order(
                    TokenKind.PROVIDER, wish.name(), wish.key(), room.now(), null, Credential.NO_LIMITS);
            return tokens.draft(call, transaction, order).compose(draft -> give(call, transaction, wish, draft));
        });
    }

    private Future<Answer> give(Call call, Transaction transaction, Wish wish, Credential draft) {
        ConnectCode code = ConnectCode.draw(call.orgId(), tools.random());
        Approval approval = new Approval(
                call.orgId(),
                tools.ids().next(),
                code.hash(),
                wish.name(),
                draft.reach(),
                wish.prefix(),
                wish.webhookUrl(),
                wish.redirectUri().text(),
                wish.challenge(),
                Objects.requireNonNull(draft.ownerUserId()),
                draft.createdBy(),
                draft.createdAt().plus(LIFE));
        call.record()
                .detail("code_id", approval.id().toString())
                .detail("name", wish.name())
                .detail("redirect_host", wish.redirectUri().host());
        JsonObject shown =
                new JsonObject().put("expiresAt", approval.expiresAt().toString());
        return store.add(transaction, approval)
                .map(added -> Answer.created(shown.copy()
                                .put("code", code.exposeText())
                                .put("redirectTo", wish.redirectUri().with(code.exposeText(), wish.state())))
                        .replayedAs(shown));
    }

    /** What the provider has asked for, as the person has agreed to it. */
    private record Wish(
            String name,
            @Nullable String prefix,
            @Nullable String webhookUrl,
            RedirectUri redirectUri,
            @Nullable String state,
            byte[] challenge,
            KeyRequest key) {

        static Wish of(Fields body) {
            body.refuseAllBut(KNOWN);
            @Nullable String prefix = some(body.optionalText("secretPrefix", LONGEST_PREFIX));
            KeyRequest key = KeyRequest.parse(body);
            @Nullable String name = key.label();
            @Nullable List<String> environments = key.environments();
            if (name == null) {
                throw Fields.invalid("name", "is missing");
            }
            if (environments == null || environments.isEmpty()) {
                throw Fields.invalid("environments", "names none; say which the provider may push to");
            }
            KeyRequest confined = key.scopedTo(Scope.SECRETS_WRITE).inProject(body.text("projectId", LONGEST_ID));
            return new Wish(
                    name,
                    prefix,
                    some(body.optionalText("webhookUrl", LONGEST_URL)),
                    RedirectUri.parse("redirectUri", body.text("redirectUri", RedirectUri.LONGEST)),
                    body.optionalText("state", LONGEST_STATE),
                    Pkce.challenge(body),
                    prefix == null ? confined : confined.confinedTo("secretPrefix", prefix));
        }

        private static @Nullable String some(@Nullable String text) {
            return text == null || text.isEmpty() ? null : text;
        }
    }
}
