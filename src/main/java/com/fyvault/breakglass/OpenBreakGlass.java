package com.fyvault.breakglass;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyRequest;
import com.fyvault.credentials.Minting;
import com.fyvault.crypto.Uuid7;
import com.fyvault.notices.Notice;
import com.fyvault.notices.NoticeStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens full access for minutes, for an owner or admin who says why. The token is a child of their own
 * key and makes nothing itself. Its record holds the reason, and the notice to every owner and admin is
 * written in the same transaction: there is no break-glass that nobody hears of.
 */
final class OpenBreakGlass {
    private static final Logger LOG = LoggerFactory.getLogger(OpenBreakGlass.class);
    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_ENVIRONMENT = 128;
    private static final long SHORTEST = 1;
    private static final long LONGEST = 240;
    private static final long USUAL = 60;

    private final BreakGlassStore store;
    private final NoticeStore notices;
    private final ChildTokens tokens;
    private final Uuid7 ids;
    private final int most;

    /** @param most break-glass tokens of an organization that are alive at once */
    OpenBreakGlass(BreakGlassStore store, NoticeStore notices, ChildTokens tokens, Uuid7 ids, int most) {
        this.store = store;
        this.notices = notices;
        this.tokens = tokens;
        this.ids = ids;
        this.most = most;
    }

    private record Asked(String reason, Duration life, KeyRequest reach) {}

    Future<Answer> open(Call call, Transaction transaction) {
        admit(call);
        Asked asked = asked(call.body());
        return store.scene(transaction, call.orgId()).compose(scene -> {
            BreakGlassStore.Administrator who = administrator(call, scene);
            if (scene.open() >= most) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "At most " + most + " break-glass tokens live at once");
            }
            ChildTokens.Order order = new ChildTokens.Order(
                    TokenKind.BREAK_GLASS,
                    "break-glass of " + who.email(),
                    asked.reach(),
                    scene.now(),
                    scene.now().plus(asked.life()),
                    "{}");
            return tokens.make(call, transaction, order)
                    .compose(made -> told(call, transaction, scene, opened(call, made, who, asked))
                            .map(written -> answer(made, asked)));
        });
    }

    private static void admit(Call call) {
        if (call.decision().kind() != TokenKind.API_KEY && call.decision().kind() != TokenKind.LOGIN) {
            throw Refusal.of(ErrorCode.PARENT_MUST_BE_API_KEY, "Only an API key can break the glass");
        }
        if (!call.decision().scopes().equals(ScopeSet.all()) || call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.EXCEEDS_PARENT, "Only a key with every scope, confined to nothing, can");
        }
    }

    private static Asked asked(Fields body) {
        String reason = body.text("reason", LONGEST_REASON);
        @Nullable String environment = body.optionalText("environmentId", LONGEST_ENVIRONMENT);
        JsonObject reach = new JsonObject();
        if (environment != null && !environment.isEmpty()) {
            reach.put("environments", new JsonArray().add(environment));
        }
        KeyRequest within = KeyRequest.parse(Fields.parse(reach.toBuffer().getBytes()));
        return new Asked(reason, life(body), within);
    }

    private static Duration life(Fields body) {
        try {
            @Nullable Long minutes = body.optionalNumber("ttlMinutes", SHORTEST, LONGEST);
            return Duration.ofMinutes(minutes == null ? USUAL : minutes);
        } catch (Refusal wrong) {
            throw Refusal.of(ErrorCode.TTL_OUT_OF_RANGE, wrong.publicText());
        }
    }

    private static BreakGlassStore.Administrator administrator(Call call, BreakGlassStore.Scene scene) {
        return scene.administrators().stream()
                .filter(one -> one.userId().equals(call.decision().credential().ownerUserId()))
                .findFirst()
                .orElseThrow(() -> Refusal.of(ErrorCode.ROLE_NOT_ALLOWED));
    }

    private static BreakGlass opened(Call call, Minting.Made made, BreakGlassStore.Administrator who, Asked asked) {
        call.record()
                .detail("reason", asked.reason())
                .detail("expires_at", end(made).toString());
        // A line of its own, whatever becomes of the mail. Without the reason: it is somebody's words.
        call.afterCommit(() -> {
            LOG.atWarn()
                    .addKeyValue("orgId", call.orgId())
                    .addKeyValue("credentialId", made.credential().id())
                    .log("break-glass opened");
            return Future.succeededFuture();
        });
        return new BreakGlass(call.orgId(), made.credential().id(), who.userId(), who.email(), asked.reason());
    }

    private Future<Void> told(Call call, Transaction transaction, BreakGlassStore.Scene scene, BreakGlass opened) {
        JsonObject payload = new JsonObject()
                .put("sessionId", opened.credentialId().toString())
                .put("openedBy", opened.email())
                .put("reason", opened.reason())
                .put("openedAt", scene.now().toString())
                .put("requestId", call.record().eventId().toString());
        Notice notice = new Notice(
                call.orgId(),
                ids.next(),
                Notice.BREAK_GLASS_OPENED,
                scene.administrators().stream()
                        .map(BreakGlassStore.Administrator::email)
                        .toList(),
                scene.now(),
                payload);
        return store.add(transaction, opened).compose(added -> notices.add(transaction, notice));
    }

    private static Instant end(Minting.Made made) {
        return Objects.requireNonNull(made.credential().expiresAt());
    }

    private static Answer answer(Minting.Made made, Asked asked) {
        JsonObject shown = new JsonObject()
                .put("sessionId", made.credential().id().toString())
                .put("id", made.credential().id().toString())
                .put("reason", asked.reason())
                .put(
                        "environmentIds",
                        new JsonArray(made.credential().reach().environmentIds().stream()
                                .map(Object::toString)
                                .toList()))
                .put("autoRevokeAt", end(made).toString());
        return Answer.created(shown.copy().put("token", made.token().exposeText()))
                .replayedAs(shown);
    }
}
