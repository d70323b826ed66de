package com.fyvault.credentials;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Reach;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From names to the ids that a token is confined to. Names are resolved once, when the token is made
 * or changed: a project or environment that is given the same name later is not meant. The name of an
 * environment stands for that of each project asked for, or of each that the maker reaches. A maker
 * that is confined itself gets the same refusal for what is beyond it as for what does not exist.
 */
final class Reaches {
    private final ReachStore store;

    Reaches(ReachStore store) {
        this.store = store;
    }

    /**
     * The reach of a token: of each list what the request says, never beyond the maker's.
     *
     * @param asked what the request says, and what the token has where it says nothing
     */
    Future<Reach> resolve(Transaction transaction, UUID orgId, Maker maker, Asked asked) {
        KeyRequest request = asked.request();
        return projects(transaction, orgId, maker, request.projects())
                .compose(projects -> environments(
                                transaction, orgId, new Within(maker, projects), request.environments())
                        .map(environments -> {
                            Reach bounded = maker.reach(new Reach(
                                    orNone(projects),
                                    orNone(environments),
                                    orNone(request.secrets()),
                                    orNone(request.cidrs())));
                            @Nullable Reach before = asked.before();
                            return before == null
                                    ? bounded
                                    : new Reach(
                                            projects == null ? before.projectIds() : bounded.projectIds(),
                                            environments == null ? before.environmentIds() : bounded.environmentIds(),
                                            request.secrets() == null
                                                    ? before.secretPatterns()
                                                    : bounded.secretPatterns(),
                                            request.cidrs() == null ? before.cidrs() : bounded.cidrs());
                        }));
    }

    /** What a request asks for; {@code before} is null for a new token. */
    record Asked(KeyRequest request, @Nullable Reach before) {}

    private record Within(Maker maker, @Nullable List<UUID> projects) {
        boolean reaches(ReachStore.Environment found) {
            boolean asked = projects == null || projects.isEmpty() || projects.contains(found.projectId());
            boolean reached = maker.projects() == null || maker.projects().contains(found.projectId());
            return reached && (asked || found.byId());
        }
    }

    private Future<@Nullable List<UUID>> projects(
            Transaction transaction, UUID orgId, Maker maker, @Nullable List<String> references) {
        if (references == null || references.isEmpty()) {
            return Future.succeededFuture(references == null ? null : List.of());
        }
        return store.projects(transaction, orgId, references).map(found -> {
            Set<String> known =
                    found.stream().map(ReachStore.Project::reference).collect(Collectors.toSet());
            if (!known.containsAll(references)) {
                throw maker.projects() == null ? Refusal.of(ErrorCode.PROJECT_NOT_FOUND) : Maker.exceeds("projects");
            }
            List<UUID> ids =
                    found.stream().map(ReachStore.Project::projectId).distinct().toList();
            if (maker.projects() != null && !maker.projects().containsAll(ids)) {
                throw Maker.exceeds("projects");
            }
            return ids;
        });
    }

    private Future<@Nullable List<UUID>> environments(
            Transaction transaction, UUID orgId, Within within, @Nullable List<String> references) {
        if (references == null || references.isEmpty()) {
            return Future.succeededFuture(references == null ? null : List.of());
        }
        return store.environments(transaction, orgId, references).map(found -> {
            if (found.size() > ReachStore.MOST) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "The names stand for too many environments; name projects");
            }
            Set<UUID> ids = new HashSet<>();
            for (String reference : references) {
                ids.addAll(named(within, reference, found));
            }
            return ids.stream().sorted().toList();
        });
    }

    private static Collection<UUID> named(Within within, String reference, List<ReachStore.Environment> found) {
        Maker maker = within.maker();
        @Nullable Set<UUID> own = maker.environments();
        List<UUID> candidates = found.stream()
                .filter(environment -> environment.reference().equals(reference) && within.reaches(environment))
                .map(ReachStore.Environment::environmentId)
                .toList();
        List<UUID> reached = candidates.stream()
                .filter(id -> own == null || own.contains(id))
                .toList();
        if (!reached.isEmpty()) {
            return reached;
        }
        boolean confined = own != null || maker.projects() != null;
        throw confined ? Maker.exceeds("environments") : Refusal.of(ErrorCode.ENVIRONMENT_NOT_FOUND);
    }

    private static <T> List<T> orNone(@Nullable List<T> asked) {
        return asked == null ? List.of() : asked;
    }
}
