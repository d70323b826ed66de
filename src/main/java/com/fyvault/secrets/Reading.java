package com.fyvault.secrets;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.Settlement;
import com.fyvault.audit.Verdict;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.environments.Located;
import com.fyvault.limits.Charge;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request for a value on its way through {@link ReadSecret}. Confined to its event loop. */
final class Reading implements Settlement {
    private static final int MOST_ATTEMPTS = 4;

    private enum Step {
        START,
        DECIDED,
        LOCATED,
        FOUND
    }

    private final ReadSecret parts;
    private final AuditGate gate;
    private final SecretTarget target;
    private final ReadSecret.Asked asked;
    private int attempts;
    private int refreshes;
    // Set by the steps in this order; reached says how far this attempt has come.
    private Step reached = Step.START;
    private TokenHash token;
    private Decision decision;
    private Located located;
    private EnvironmentState environment;
    private SealedValue value;
    private Charge charge = Charge.UNPAID;
    private String etag = "";
    private byte @Nullable [] plaintext;
    private @Nullable Refusal refusal;

    @SuppressWarnings("NullAway.Init")
    Reading(ReadSecret parts, AuditGate gate, SecretTarget target, ReadSecret.Asked asked) {
        this.parts = parts;
        this.gate = gate;
        this.target = target;
        this.asked = asked;
    }

    void start() {
        guarded(asked.request(), request -> {
            gate.checkDoor();
            token = asked.token().hash();
            decide();
        });
    }

    private void decide() {
        attempts++;
        @Nullable Decision ready = parts.authority().peek(token);
        if (ready != null) {
            charge(ready);
        } else {
            parts.limits().checkLookup(asked.address());
            then(parts.authority().decide(token), this::charge);
        }
    }

    private void charge(Decision decided) {
        charge = decided.equals(decision) ? charge : charge.takenBack();
        decision = decided;
        reached = Step.DECIDED;
        @Nullable Charge paid = charge.isPaid() ? charge : parts.limits().peek(decided);
        if (paid != null) {
            locate(paid);
        } else {
            then(parts.limits().charge(decided), this::locate);
        }
    }

    private void locate(Charge paid) {
        charge = paid;
        SecretAccess.checkRead(decision, target, asked.address());
        @Nullable Located known = parts.directory().peek(decision.orgId(), target.project(), target.environment());
        if (known != null) {
            find(known);
        } else {
            then(parts.directory().load(decision.orgId(), target.project(), target.environment()), this::find);
        }
    }

    private void find(Located where) {
        located = where;
        environment = where.state();
        reached = Step.LOCATED;
        if (!decision.allowsProject(environment.projectId())) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        if (!decision.allowsEnvironment(environment.environmentId())
                || (where.production() && !decision.allowsProduction())) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
        }
        @Nullable SealedValue known = parts.values().peek(environment, target.secret());
        if (known != null) {
            open(known);
        } else {
            then(parts.values().load(environment, target.secret()), this::open);
        }
    }

    private void open(SealedValue found) {
        value = found;
        reached = Step.FOUND;
        if (found.isAbsent() || !decision.allowsSecret(found.id(), SecretTarget.lower(found.name()))) {
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
            submit(AuditOutcome.UNCHANGED);
            return;
        }
        plaintext = parts.opener().openNow(environment, found);
        if (plaintext != null) {
            submit(AuditOutcome.DONE);
            return;
        }
        then(parts.opener().openLater(environment, found), bytes -> {
            plaintext = bytes;
            submit(AuditOutcome.DONE);
        });
    }

    /** Hands in the record, with the epoch and the version that the answer rests on for the commit to compare. */
    private void submit(AuditOutcome outcome) {
        AuditRecord record = new AuditRecord(asked.id(), AuditAction.SECRET_READ)
                .decidedBy(decision, parts.authority().epochOf(token, decision))
                .from(asked.address())
                .outcome(outcome);
        if (reached == Step.FOUND) {
            long version = located.checked(parts.values().versionOf(environment, target.secret(), value));
            record.readAt(environment.environmentId(), version).secret(value.secretId(), value.version());
        } else if (reached == Step.LOCATED) {
            record.readAt(environment.environmentId(), located.checked(environment.version()));
        }
        if (refusal != null) {
            record.detail("code", refusal.code().name());
        }
        gate.submit(record, this);
    }

    @Override
    public void settled(Verdict verdict) {
        switch (verdict) {
            case GOOD -> release();
            case BEHIND -> {
                release();
                parts.values().refreshLater(environment);
            }
            case EXPIRED -> end(Refusal.of(ErrorCode.TOKEN_EXPIRED));
            case LATE -> again();
            case AUTHORITY_MOVED -> then(parts.authority().refresh(decision.org()), fresh -> again());
            case ENVIRONMENT_MOVED -> {
                // The first refresh may have begun before this request, the second did not: what it left was true.
                if (refusal != null && refreshes >= 2) {
                    end(refusal);
                    return;
                }
                refreshes++;
                parts.directory().forget(decision.orgId(), target.project());
                then(parts.values().refresh(environment), fresh -> again());
            }
        }
    }

    private void release() {
        if (refusal != null) {
            end(refusal);
        } else if (parts.tombstones().covers(decision)) {
            then(parts.authority().refresh(decision.org()), fresh -> again());
        } else {
            charge.close(asked.request(), plaintext == null ? 304 : 200);
            ValueAnswer.send(asked, value, etag, plaintext);
            wipe();
        }
    }

    private void again() {
        wipe();
        refusal = null;
        reached = Step.START;
        if (attempts >= MOST_ATTEMPTS) {
            end(Refusal.of(ErrorCode.UNSETTLED));
        } else {
            then(asked.token().again(), still -> decide());
        }
    }

    /**
     * Where every failure arrives. What can be told to a known token is recorded first, and checked like
     * a release: a refusal on authority that has moved is decided again. A broken seal is an alarm.
     */
    @Override
    public void failed(Throwable failure) {
        wipe();
        boolean broken = failure instanceof SealBroken;
        boolean answerable =
                failure instanceof Refusal refused && refused.code().status() < 500;
        if (reached == Step.START || refusal != null || !(broken || answerable)) {
            end(failure);
            return;
        }
        if (broken) {
            ErrorExit.alarm(asked.id(), "sealed value refused");
        }
        refusal = broken ? Refusal.of(ErrorCode.SEALED_VALUE_REFUSED) : (Refusal) failure;
        submit(broken ? AuditOutcome.ALARM : AuditOutcome.REFUSED);
    }

    private void end(Throwable failure) {
        wipe();
        charge.close(asked.request(), ErrorExit.codeOf(failure).status());
        ErrorExit.end(asked.request(), asked.id().toString(), parts.limits().judged(asked.address(), failure));
    }

    private void wipe() {
        if (plaintext != null) {
            Arrays.fill(plaintext, (byte) 0);
            plaintext = null;
        }
    }

    private <T> void then(Future<T> future, Consumer<T> step) {
        future.onSuccess(result -> guarded(result, step)).onFailure(this::failed);
    }

    private <T> void guarded(T input, Consumer<T> step) {
        try {
            step.accept(input);
        } catch (RuntimeException failure) {
            failed(failure);
        }
    }
}
