package com.fyvault.leaks;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Names;
import com.fyvault.leaks.LeakStore.Finding;
import com.fyvault.limits.Limits;
import com.fyvault.people.EndFound;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes what a scanner of an organization has found in its own repositories. What is a token or a value of that very
/// organization is ended as if it were found in public; what is not is answered so, and kept nowhere.
///
/// Any credential of the organization may: whoever has the text of a token can use it, so they may end it. Whether a
/// text is a stored value is told only to who may read that value. It is ended for everybody, so a guess that hits is
/// told to those who administer.
final class TakeSightings {
    /// Entries of a call.
    static final int MOST = 100;
    /// Bytes of a text: as long as a scanner's longest match.
    static final int LONGEST_TEXT = 16 * 1_024;
    /// Places of one text that are named.
    private static final int MOST_NAMED = 10;

    private static final int LONGEST_PATH = 1_024;
    private static final int LONGEST_REPOSITORY = 256;
    private static final int LONGEST_COMMIT = 64;
    private static final String REPORTER = "organization";
    private static final String SOURCE = "git";
    private static final Set<String> KNOWN = Set.of("repository", "items");
    private static final Set<String> KNOWN_OF_AN_ITEM = Set.of("text", "path", "commit", "line", "url");

    private final Parts parts;
    private final Limits limits;
    private final int callsAMinute;

    /// What it is made of.
    record Parts(
            LeakStore store,
            EndLeaked ending,
            EndFound people,
            Sighting.Eyes eyes,
            WorkerExecutor workers,
            Uuid7 ids) {}

    TakeSightings(Parts parts, Limits limits, int callsAMinute) {
        this.parts = parts;
        this.limits = limits;
        this.callsAMinute = callsAMinute;
    }

    /// A text and where it was.
    private record Seen(byte[] text, Report report) {}

    Future<Answer> take(Call call, Transaction transaction) {
        call.body().refuseAllBut(KNOWN);
        String repository = call.body().text("repository", LONGEST_REPOSITORY);
        List<Seen> seen = call.body().items("items", MOST).stream()
                .map(item -> seen(item, repository))
                .toList();
        if (seen.isEmpty()) {
            throw Fields.invalid("items", "is missing or empty");
        }
        call.record().detail("count", seen.size());
        return limits.admit(call.caller().address(), "leak-sightings", callsAMinute)
                .compose(admitted -> parts.workers().executeBlocking(() -> sighted(seen), false))
                .compose(sightings -> looked(call, transaction, sightings));
    }

    private static Seen seen(Fields item, String repository) {
        item.refuseAllBut(KNOWN_OF_AN_ITEM);
        byte @Nullable [] text = item.secret("text");
        if (text == null || text.length == 0 || text.length > LONGEST_TEXT) {
            throw Fields.invalid("text", "is a text of 1 to " + LONGEST_TEXT + " bytes");
        }
        @Nullable String url = item.optionalText("url", ReportReader.LONGEST_URL);
        @Nullable String path = item.optionalText("path", LONGEST_PATH);
        @Nullable String commit = item.optionalText("commit", LONGEST_COMMIT);
        @Nullable Long line = item.optionalNumber("line", 1, Integer.MAX_VALUE);
        String place = repository
                + (commit == null ? "" : "@" + commit)
                + (path == null ? "" : ":" + path)
                + (line == null ? "" : ":" + line);
        return new Seen(
                text,
                new Report("", "", ReportReader.words(url == null ? place : url, ReportReader.LONGEST_URL), SOURCE));
    }

    private List<Sighting> sighted(List<Seen> seen) {
        return seen.stream()
                .map(one -> Sighting.of(one.report(), one.text(), parts.eyes()))
                .toList();
    }

    private Future<Answer> looked(Call call, Transaction transaction, List<Sighting> sightings) {
        return parts.store()
                .find(transaction, call.orgId(), Asked.of(sightings))
                .compose(known -> {
                    Map<Object, List<LeakStore.Thing>> things = TakeLeaks.byText(known);
                    List<List<Finding>> found = sightings.stream()
                            .map(one -> TakeLeaks.things(things, one).stream()
                                    .map(thing -> new Finding(parts.ids().next(), one.report(), thing))
                                    .toList())
                            .toList();
                    List<Finding> all = found.stream().flatMap(List::stream).toList();
                    if (all.isEmpty()) {
                        return Future.succeededFuture(answer(call, found, Map.of()));
                    }
                    Origin origin = new Origin(
                            call.record().eventId(), REPORTER, call.caller().address());
                    return parts.ending()
                            .within(transaction, origin, call.orgId(), all)
                            .map(ended -> {
                                call.afterCommit(() -> settled(call, origin, ended, known.logins()));
                                return answer(call, found, ended.tokens());
                            });
                });
    }

    /** A login is over here by then; what it has elsewhere goes with it. */
    private Future<Void> settled(Call call, Origin origin, EndLeaked.Ended ended, List<LeakStore.Login> logins) {
        Future<Void> all = parts.ending().settle(call.orgId(), ended.cuts());
        for (LeakStore.Login login : logins) {
            all = all.compose(before ->
                    parts.people().login(new EndFound.Login(login.userId(), login.sessionId(), true), origin.by()));
        }
        return all;
    }

    private static Answer answer(Call call, List<List<Finding>> found, Map<UUID, Credential> tokens) {
        JsonArray items = new JsonArray();
        int matched = 0;
        for (List<Finding> findings : found) {
            JsonArray shown = new JsonArray();
            for (Finding finding : findings) {
                @Nullable JsonObject one = shown(call, finding, tokens);
                if (one != null && shown.size() < MOST_NAMED) {
                    shown.add(one);
                }
            }
            matched += shown.isEmpty() ? 0 : 1;
            items.add(new JsonObject().put("matched", !shown.isEmpty()).put("found", shown));
        }
        call.record().detail("matched", matched);
        return Answer.ok(new JsonObject().put("items", items).put("matched", matched));
    }

    /// What a text was of; null for what the caller may not know of.
    private static @Nullable JsonObject shown(Call call, Finding finding, Map<UUID, Credential> tokens) {
        LeakStore.@Nullable Token token = finding.token();
        if (token != null) {
            @Nullable Credential credential = tokens.get(token.credentialId());
            return credential == null
                    ? null
                    : new JsonObject()
                            .put("kind", credential.kind().name())
                            .put("id", credential.id().toString())
                            .put("name", credential.label());
        }
        LeakStore.@Nullable Item item = finding.item();
        if (item != null) {
            return new JsonObject()
                    .put("kind", item.kind().name())
                    .put("id", item.id().toString())
                    // Whoever has the text of a handle need not know what it is of.
                    .put(
                            "name",
                            call.decision().isConfined() ? null : item.label().name());
        }
        LeakStore.Value value = Objects.requireNonNull(finding.value());
        return mayRead(call, value)
                ? new JsonObject()
                        .put("kind", "SECRET")
                        .put("id", value.secretId().toString())
                        .put("name", value.where().secret())
                        .put("environment", value.where().environment())
                        .put("version", value.version())
                : null;
    }

    private static boolean mayRead(Call call, LeakStore.Value value) {
        LeakStore.Where where = value.where();
        return call.decision().allows(Scope.SECRETS_READ, where.projectId())
                && call.decision().allowsProject(where.projectId())
                && call.decision().allowsEnvironment(value.environmentId())
                && (call.decision().allowsProduction() || !where.production())
                && call.decision().allowsSecret(value.secretId(), Names.key(where.secret()));
    }
}
