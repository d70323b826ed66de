package com.fyvault.secrets;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.Verdict;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.Directory;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.environments.Located;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Bearer;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.Tombstones;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * THE HOT PATH: one value to one bearer of a token.
 *
 * <p>The steps are those of {@link Reading}, top to bottom: who (decide), where (locate), what
 * (find), open, record, release. When everything is in memory they run without a wait up to the
 * record. The record's commit also says whether the authority and the version that were used still
 * hold; if not, nothing leaves, the caches are told, and the request is decided again. After the
 * commit only two things stand between plaintext and socket: the release deadline, which the gate
 * checks, and the tombstones.
 */
public final class ReadSecret {
    private static final Logger LOG = LoggerFactory.getLogger(ReadSecret.class);
    private static final int MOST_ATTEMPTS = 4;

    private final Authority authority;
    private final Directory directory;
    private final SealedValues values;
    private final ValueOpener opener;
    private final Tombstones tombstones;

    public ReadSecret(
            Authority authority, Directory directory, SealedValues values, ValueOpener opener, Tombstones tombstones) {
        this.authority = authority;
        this.directory = directory;
        this.values = values;
        this.opener = opener;
        this.tombstones = tombstones;
    }

    /** Answers the request, whatever happens. */
    void read(AuditGate gate, SecretTarget target, Asked asked) {
        new Reading(gate, target, asked).start();
    }

    /** A request for a value. */
    record Asked(UUID id, HttpServerRequest request, ClientAddress address) {}

    private enum Step {
        START,
        DECIDED,
        LOCATED,
        FOUND
    }

    private final class Reading implements AuditGate.Settlement {
        private final AuditGate gate;
        private final SecretTarget target;
        private final Asked asked;
        private int attempts;
        // Set by the steps in this order; reached says how far this attempt has come.
        private TokenHash token;
        private Decision decision;
        private Located located;
        private EnvironmentState environment;
        private SealedValue value;
        private Step reached = Step.START;
        private byte @Nullable [] plaintext;
        private @Nullable Refusal refusal;
        private String etag = "";

        @SuppressWarnings("NullAway.Init")
        Reading(AuditGate gate, SecretTarget target, Asked asked) {
            this.gate = gate;
            this.target = target;
            this.asked = asked;
        }

        void start() {
            try {
                gate.checkDoor();
                token = Bearer.hash(asked.request().getHeader(HttpHeaders.AUTHORIZATION));
                decide();
            } catch (RuntimeException failure) {
                failed(failure);
            }
        }

        private void decide() {
            attempts++;
            reached = Step.START;
            @Nullable Decision ready = authority.peek(token);
            if (ready != null) {
                locate(ready);
            } else {
                authority.decide(token).onSuccess(this::locate).onFailure(this::failed);
            }
        }

        private void locate(Decision decided) {
            guarded(() -> {
                decision = decided;
                reached = Step.DECIDED;
                admit(decided);
                @Nullable Located known = directory.peek(decided.orgId(), target.project(), target.environment());
                if (known != null) {
                    find(known);
                } else {
                    directory
                            .load(decided.orgId(), target.project(), target.environment())
                            .onSuccess(loaded -> guarded(() -> find(loaded)))
                            .onFailure(this::failed);
                }
            });
        }

        private void admit(Decision decided) {
            if (decided.refusal() != null) {
                throw Refusal.of(decided.refusal());
            }
            if (!target.org().equals(decided.org().orgText())) {
                throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
            }
            if (!decided.allowsAddress(asked.address())) {
                throw Refusal.of(ErrorCode.ADDRESS_NOT_ALLOWED);
            }
            if (!decided.scopes().has(Scope.SECRETS_READ)) {
                throw Refusal.of(ErrorCode.SCOPE_MISSING, "The token lacks the scope SECRETS_READ");
            }
            if (target.secret().byName()
                    && !decided.allowsSecret(target.secret().text())) {
                throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
            }
        }

        private void find(Located where) {
            located = where;
            environment = where.state();
            reached = Step.LOCATED;
            if (!decision.allowsProject(environment.projectId())) {
                throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
            }
            if (!decision.allowsEnvironment(environment.environmentId())) {
                throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
            }
            @Nullable SealedValue known = values.peek(environment, target.secret());
            if (known != null) {
                open(known);
            } else {
                values.load(environment, target.secret())
                        .onSuccess(loaded -> guarded(() -> open(loaded)))
                        .onFailure(this::failed);
            }
        }

        private void open(SealedValue found) {
            value = found;
            reached = Step.FOUND;
            if (found.isAbsent() || !decision.allowsSecret(SecretTarget.lower(found.name()))) {
                throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
            }
            if (found.revoked()) {
                throw Refusal.of(ErrorCode.SECRET_REVOKED);
            }
            if (found.clientEncrypted()) {
                throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
            }
            etag = Etag.of(environment.environmentId(), found.id(), found.version());
            if (Etag.matches(asked.request().getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
                record(AuditOutcome.UNCHANGED);
                return;
            }
            byte @Nullable [] bytes = opener.openNow(environment, found);
            if (bytes != null) {
                opened(bytes);
            } else {
                opener.openLater(environment, found)
                        .onSuccess(later -> guarded(() -> opened(later)))
                        .onFailure(this::failed);
            }
        }

        private void opened(byte[] bytes) {
            plaintext = bytes;
            record(AuditOutcome.DONE);
        }

        private void record(AuditOutcome outcome) {
            AuditRecord record = new AuditRecord(asked.id(), AuditAction.SECRET_READ)
                    .decidedBy(decision, authority.epochOf(token, decision))
                    .from(asked.address())
                    .outcome(outcome);
            gate.submit(placed(record), this);
        }

        /** Has the commit compare the environment's version with the one that everything so far was good at. */
        private AuditRecord placed(AuditRecord record) {
            if (reached == Step.FOUND) {
                long version = located.checked(values.versionOf(environment, target.secret(), value));
                return record.readAt(environment.environmentId(), version).secret(value.secretId(), value.version());
            }
            return reached == Step.LOCATED
                    ? record.readAt(environment.environmentId(), located.checked(environment.version()))
                    : record;
        }

        @Override
        public void settled(Verdict verdict) {
            switch (verdict) {
                case GOOD -> release();
                case EXPIRED -> end(Refusal.of(ErrorCode.TOKEN_EXPIRED));
                case LATE -> again();
                case AUTHORITY_MOVED ->
                    authority
                            .refresh(decision.org())
                            .onSuccess(fresh -> again())
                            .onFailure(this::end);
                case ENVIRONMENT_MOVED -> {
                    directory.forget(decision.orgId(), target.project());
                    values.refresh(environment).onSuccess(fresh -> again()).onFailure(this::end);
                }
            }
        }

        private void release() {
            if (refusal != null) {
                end(refusal);
            } else if (tombstones.covers(decision)) {
                again();
            } else {
                ValueResponse.send(asked, value, etag, plaintext);
                wipe();
            }
        }

        private void again() {
            wipe();
            refusal = null;
            if (attempts >= MOST_ATTEMPTS) {
                end(Refusal.of(ErrorCode.UNSETTLED));
            } else {
                guarded(this::decide);
            }
        }

        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException failure) {
                failed(failure);
            }
        }

        /** Before the record: a refusal of a known token is recorded first, with what it rests on checked like a release. */
        @Override
        public void failed(Throwable failure) {
            wipe();
            boolean answerable =
                    failure instanceof Refusal refused && refused.code().status() < 500;
            if (failure instanceof SealBroken) {
                LOG.atError()
                        .addKeyValue("requestId", asked.id())
                        .addKeyValue("orgId", target.org())
                        .addKeyValue("secretId", reached == Step.FOUND ? value.secretId() : null)
                        .log("alarm: sealed value refused");
                refusal = Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
            } else if (answerable && reached != Step.START) {
                refusal = (Refusal) failure;
            } else {
                end(failure);
                return;
            }
            recordRefusal(refusal);
        }

        private void recordRefusal(Refusal refused) {
            boolean alarm = refused.code() == ErrorCode.SEALED_VALUE_REFUSED;
            AuditRecord record = new AuditRecord(asked.id(), AuditAction.SECRET_READ)
                    .decidedBy(decision, authority.epochOf(token, decision))
                    .from(asked.address())
                    .outcome(alarm ? AuditOutcome.ALARM : AuditOutcome.REFUSED)
                    .detail("code", refused.code().name());
            gate.submit(placed(record), this);
        }

        private void end(Throwable failure) {
            wipe();
            ErrorExit.end(asked.request(), asked.id().toString(), failure);
        }

        private void wipe() {
            if (plaintext != null) {
                Arrays.fill(plaintext, (byte) 0);
                plaintext = null;
            }
        }
    }
}
