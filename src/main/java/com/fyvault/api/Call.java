package com.fyvault.api;

import com.fyvault.audit.AuditRecord;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Query;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request, authenticated and parsed, as an endpoint sees it. Confined to the request's event loop. */
public final class Call {
    private static final int LONGEST = 128;
    /** Before the id of the login that a credential of a login was made by. */
    private static final String LOGIN = "login:";

    private final HttpServerRequest request;
    private final Map<String, String> path;
    private final Caller caller;
    private final Endpoint endpoint;
    private final Fields body;
    private final AuditRecord record;
    private final StepUps stepUps;
    private final List<Supplier<Future<Void>>> afterCommit = new ArrayList<>(1);
    private final List<AuditRecord> furtherRecords = new ArrayList<>(0);
    private @Nullable Map<String, List<String>> query;
    private @Nullable UUID team;

    Call(Incoming incoming, Caller caller, Fields body, StepUps stepUps) {
        this.request = incoming.request();
        this.path = incoming.parameters();
        this.caller = caller;
        this.endpoint = incoming.endpoint();
        this.body = body;
        this.stepUps = stepUps;
        this.record = new AuditRecord(incoming.id(), incoming.endpoint().action())
                .decidedBy(caller.decision(), caller.epoch())
                .from(caller.address());
    }

    public Caller caller() {
        return caller;
    }

    public Decision decision() {
        return caller.decision();
    }

    public UUID orgId() {
        return caller.decision().orgId();
    }

    /** Refuses a project that is out of the token's reach, as if absent, and one in which the role of its owner does not allow this. */
    public void admitTo(UUID projectId) {
        if (!decision().allowsProject(projectId)) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        Set<Scope> needed = endpoint.scopes();
        if (!needed.isEmpty() && needed.stream().noneMatch(scope -> decision().allows(scope, projectId))) {
            throw Refusal.of(ErrorCode.ROLE_TOO_LOW, "The role in this project does not allow it");
        }
    }

    /**
     * Done when the caller is a token, or a person who has confirmed a second factor in this login in the last minutes; refused with
     * STEP_UP_REQUIRED or SECOND_FACTOR_REQUIRED else. Asked before a login gives what outlives it.
     */
    public Future<Void> confirmed(Transaction transaction) {
        Credential login = decision().credential();
        return login.kind() == TokenKind.LOGIN
                ? stepUps.require(
                        transaction,
                        Objects.requireNonNull(login.ownerUserId()),
                        UUID.fromString(login.createdBy().substring(LOGIN.length())))
                : Future.succeededFuture();
    }

    public Fields body() {
        return body;
    }

    /** The audit record of this request, for the endpoint to say what it touched. */
    public AuditRecord record() {
        return record;
    }

    /** Adds a further record: one for each value of a bulk read. All are durable before the answer leaves. */
    public void addRecord(AuditRecord further) {
        furtherRecords.add(further);
    }

    List<AuditRecord> furtherRecords() {
        return furtherRecords;
    }

    /** Notes that the caller is in this team, so that what the team owns is theirs. */
    public void actFor(UUID teamId) {
        this.team = teamId;
    }

    /** The team that the caller is in, when the request is about what it owns. */
    public @Nullable UUID team() {
        return team;
    }

    /** A path parameter of the route. */
    public String path(String name) {
        @Nullable String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no parameter " + name);
        }
        return value;
    }

    /** A path parameter that this route may not have. */
    public @Nullable String optionalPath(String name) {
        return path.get(name);
    }

    /** An id in the path; what is no UUID names nothing, so it is the same answer as an absent one. */
    public UUID id(String name, ErrorCode absent) {
        @Nullable UUID id = Ids.parse(path(name));
        if (id == null) {
            throw Refusal.of(absent);
        }
        return id;
    }

    /** A query parameter; null when absent or empty. Given twice it is refused. */
    public @Nullable String query(String name, int most) {
        List<String> values = parameters().getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Fields.invalid(name, "is given twice");
        }
        if (values.isEmpty() || values.get(0).isEmpty()) {
            return null;
        }
        String value = values.get(0);
        if (value.length() > most || value.chars().anyMatch(c -> c < ' ')) {
            throw Fields.invalid(name, "is longer than " + most + " characters or not text");
        }
        return value;
    }

    /** Refuses parameters that are none of these or say nothing: of what cannot be undone, no word is to be passed over. */
    public void refuseQueryBut(Set<String> known) {
        parameters().forEach((name, values) -> {
            if (!known.contains(name) || values.contains("")) {
                throw Fields.invalid("query", "names nothing, or something that is not known here");
            }
        });
    }

    /** The id that a page goes on after; null for the first page. */
    public @Nullable UUID cursor() {
        @Nullable String cursor = query("cursor", LONGEST);
        @Nullable UUID after = cursor == null ? null : Ids.parse(cursor);
        if (cursor != null && after == null) {
            throw Fields.invalid("cursor", "is not one that was given out");
        }
        return after;
    }

    /** The items of a page, which are also the most. */
    public int limit(int most) {
        @Nullable String limit = query("limit", LONGEST);
        if (limit == null) {
            return most;
        }
        boolean number = limit.length() <= 4 && limit.chars().allMatch(c -> c >= '0' && c <= '9');
        int asked = number ? Integer.parseInt(limit) : 0;
        if (asked < 1 || asked > most) {
            throw Fields.invalid("limit", "must be a whole number from 1 to " + most);
        }
        return asked;
    }

    /** The request's target as sent, path and query: part of what an Idempotency-Key stands for. */
    String target() {
        return request.uri();
    }

    /** A header, or null. */
    public @Nullable String header(CharSequence name) {
        return request.getHeader(name);
    }

    /** Adds work for after the commit and before the answer: telling caches, waiting for nodes. */
    public void afterCommit(Supplier<Future<Void>> work) {
        afterCommit.add(work);
    }

    Future<Void> runAfterCommit() {
        Future<Void> all = Future.succeededFuture();
        for (Supplier<Future<Void>> work : afterCommit) {
            all = all.compose(done -> work.get());
        }
        return all;
    }

    private Map<String, List<String>> parameters() {
        if (query == null) {
            query = Query.parameters(request.uri());
        }
        return query;
    }
}
