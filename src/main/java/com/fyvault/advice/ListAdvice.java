package com.fyvault.advice;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.Fields;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shows advice to whoever may read the trail, and of what they see: of secrets what their token reaches, of tokens what the lists
 * of tokens show them, and webhooks to those who administer them. A cursor holds the moment of the first page, so that time does not
 * move anything between the pages.
 */
final class ListAdvice {
    private static final int LONGEST = 128;
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,16})[.]([1-6])[.]([0-9]{1,16})[.]([0-9a-f-]{36})");
    /** Which scopes show every token of a kind. */
    private static final Map<String, List<Scope>> SHOWN_BY = Map.of(
            TokenKind.API_KEY.name(), List.of(Scope.TOKENS_WRITE, Scope.ORG_ADMIN),
            TokenKind.TEST_KEY.name(), List.of(Scope.TOKENS_WRITE, Scope.ORG_ADMIN),
            TokenKind.PUBLIC_KEY.name(), List.of(Scope.TOKENS_WRITE, Scope.ORG_ADMIN),
            TokenKind.AGENT.name(), List.of(Scope.TOKENS_WRITE, Scope.ORG_ADMIN),
            TokenKind.DEVICE.name(), List.of(Scope.DEVICES_READ, Scope.DEVICES_WRITE, Scope.ORG_ADMIN),
            TokenKind.PROVIDER.name(), List.of(Scope.PROVIDERS_WRITE, Scope.ORG_ADMIN));

    private final AdviceStore store;

    ListAdvice(AdviceStore store) {
        this.store = store;
    }

    /** All that there is, as the mail to those who run the organization has it. */
    static AdviceStore.View everything(UUID orgId) {
        return new AdviceStore.View(orgId, SHOWN_BY.keySet(), Set.of(), null, orgId, null, null, true, true);
    }

    Future<Answer> list(Call call) {
        AdviceStore.Page page = page(call.query("cursor", LONGEST), call.limit(AdviceStore.MOST_LISTED));
        return store.find(view(call.decision()), page).map(found -> {
            JsonArray items = new JsonArray();
            found.advice().stream()
                    .filter(advice -> isSeen(call.decision(), advice))
                    .forEach(advice -> items.add(advice.toJson(call.orgId())));
            call.record().detail("count", items.size());
            return Answer.ok(items).withNextCursor(found.more() ? cursor(found) : null);
        });
    }

    private static AdviceStore.View view(Decision decision) {
        Set<String> all = new HashSet<>();
        Set<String> own = new HashSet<>();
        SHOWN_BY.forEach((kind, scopes) -> {
            boolean every = !decision.isConfined()
                    && scopes.stream().anyMatch(scope -> decision.scopes().has(scope));
            (every ? all : own).add(kind);
        });
        Credential caller = decision.credential();
        return new AdviceStore.View(
                decision.orgId(),
                all,
                own,
                caller.kind() == TokenKind.LOGIN ? caller.ownerUserId() : null,
                caller.id(),
                decision.projects(),
                decision.environments(),
                decision.allowsProduction(),
                decision.scopes().has(Scope.ORG_ADMIN) && !decision.isConfined());
    }

    /** What a query cannot tell: lists of names, and roles by project. */
    private static boolean isSeen(Decision decision, Advice advice) {
        return switch (advice.kind()) {
            case SECRET_LEAKED, SECRET_NEVER_ROTATED ->
                decision.allowsSecret(advice.subjectId(), Names.key(advice.name()))
                        && decision.allows(Scope.AUDIT_READ, Objects.requireNonNull(advice.projectId()));
            default -> true;
        };
    }

    private static String cursor(AdviceStore.Found found) {
        Advice.Place last = found.advice().get(found.advice().size() - 1).place();
        return micros(found.asOf()) + "." + last.rank() + "." + micros(last.at()) + "." + last.id();
    }

    private static AdviceStore.Page page(@Nullable String cursor, int limit) {
        if (cursor == null) {
            return new AdviceStore.Page(null, null, limit);
        }
        Matcher parts = CURSOR.matcher(cursor);
        @Nullable UUID id = parts.matches() ? Ids.parse(parts.group(4)) : null;
        if (id == null) {
            throw Fields.invalid("cursor", "is not one that was given out");
        }
        return new AdviceStore.Page(
                time(parts.group(1)),
                new Advice.Place(Integer.parseInt(parts.group(2)), time(parts.group(3)), id),
                limit);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static Instant time(String micros) {
        return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    }
}
