package com.fyvault.factors;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.crypto.BoxKey;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.factors.AddPasskey.Ceremony;
import com.fyvault.people.Memberships;
import com.fyvault.people.People;
import com.fyvault.people.PeopleRoutes;
import com.fyvault.people.PersonFrame;
import com.fyvault.platform.config.FactorSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;

/// Second factors: enrolled, shown, removed, asked for at the login and again later.
public final class FactorRoutes {
    private final EnrolTotp totp;
    private final GiveRecoveryCodes recovery;
    private final AddPasskey passkeys;
    private final ConfirmFactor stepUp;
    private final FinishLogin login;
    private final ShowFactors shown;
    private final int loginsMinute;

    /// What second factors stand on.
    ///
    /// @param workers where signatures are looked at
    public record Parts(
            PeopleRoutes people, Memberships memberships, RowSeal seals, BoxKey boxes, WorkerExecutor workers) {}

    public FactorRoutes(Parts parts, FactorSettings settings) {
        People people = parts.people().people();
        People.Tools tools = people.tools();
        RelyingParty party = new RelyingParty(settings.rpId(), settings.name(), settings.origins());
        Challenge.Source challenges = new Challenge.Source(parts.seals(), tools.random());
        Ceremony ceremony =
                new Ceremony(party, challenges, new VerifyPasskey(party, challenges), parts.workers(), tools.ids());
        FactorStore store = new PostgresFactorStore(people.database());
        PasskeyStore keyStore = new PostgresPasskeyStore(people.database(), parts.seals());
        RecoveryCodes codes = new RecoveryCodes(parts.seals(), tools.random());
        CheckCode check =
                new CheckCode(store, parts.boxes(), codes, people.checks().guesses());
        FactorGate gate = new FactorGate(people, parts.people().passwords());
        ConfirmFactor.Keys keys = new ConfirmFactor.Keys(
                keyStore, new UsePasskey(keyStore, people.checks().guesses(), ceremony), ceremony);
        this.recovery = new GiveRecoveryCodes(gate, store, codes, parts.memberships());
        this.totp = new EnrolTotp(
                gate,
                store,
                check,
                recovery,
                new EnrolTotp.Tools(parts.boxes(), tools.random(), parts.workers(), settings.name()));
        this.passkeys = new AddPasskey(gate, store, keyStore, recovery, ceremony);
        this.stepUp = new ConfirmFactor(
                gate,
                store,
                check,
                keys,
                new ConfirmFactor.Logins(parts.people().stepUp(), tools.end()));
        this.login = new FinishLogin(people, parts.people().logIn(), gate, new FinishLogin.Codes(check, store), keys);
        this.shown = new ShowFactors(store);
        this.loginsMinute = tools.settings().loginsMinute();
    }

    public void mount(Routes routes, PersonFrame frame) {
        mine(frame, routes.get("/users/me/factors", "getFactors", AuditAction.LOGIN_ACCOUNT), shown::show);
        mine(frame, routes.post("/users/me/totp", "beginTotp", AuditAction.LOGIN_ACCOUNT), totp::begin);
        mine(frame, routes.post("/users/me/totp/confirm", "confirmTotp", AuditAction.LOGIN_ACCOUNT), totp::confirm);
        mine(frame, routes.delete("/users/me/totp", "removeTotp", AuditAction.LOGIN_ACCOUNT), totp::remove);
        mine(
                frame,
                routes.post("/users/me/recovery-codes", "renewRecoveryCodes", AuditAction.LOGIN_ACCOUNT),
                recovery::renew);
        mine(
                frame,
                routes.post("/users/me/passkeys/options", "getPasskeyOptions", AuditAction.LOGIN_ACCOUNT),
                passkeys::options);
        mine(frame, routes.post("/users/me/passkeys", "addPasskey", AuditAction.LOGIN_ACCOUNT), passkeys::add);
        mine(frame, routes.get("/users/me/passkeys", "listPasskeys", AuditAction.LOGIN_ACCOUNT), passkeys::list);
        mine(
                frame,
                routes.delete("/users/me/passkeys/{passkey}", "removePasskey", AuditAction.LOGIN_ACCOUNT),
                passkeys::remove);
        mine(
                frame,
                routes.post("/auth/step-up/options", "getStepUpOptions", AuditAction.LOGIN_ACCOUNT),
                stepUp::options);
        mine(frame, routes.post("/auth/step-up", "stepUp", AuditAction.LOGIN_ACCOUNT), stepUp::stepUp);
        open(frame, routes.post("/auth/totp/login", "finishLogIn", AuditAction.LOGIN_ACCOUNT), login::byCode);
        open(frame, routes.post("/auth/passkey/options", "getLogInOptions", AuditAction.LOGIN_ACCOUNT), login::options);
        open(frame, routes.post("/auth/passkey/login", "logInByPasskey", AuditAction.LOGIN_ACCOUNT), login::byPasskey);
    }

    private static void mine(PersonFrame frame, Routes.Line line, PersonFrame.Work work) {
        frame.person(line, alarming(work));
    }

    /** As often as an address may try to log in. */
    private void open(PersonFrame frame, Routes.Line line, PersonFrame.Work work) {
        PersonFrame.Work alarming = alarming(work);
        frame.open(
                line,
                call -> frame.limits()
                        .admit(call.address(), "logins", loginsMinute)
                        .compose(in -> alarming.answer(call)));
    }

    /** A row that does not open was changed by hand: nothing that the caller did explains it. */
    private static PersonFrame.Work alarming(PersonFrame.Work work) {
        return call -> Future.succeededFuture().compose(go -> work.answer(call)).recover(failure -> {
            if (failure instanceof SealBroken) {
                ErrorExit.alarm(call.id(), "sealed factor refused");
                return Future.failedFuture(Refusal.of(ErrorCode.SEALED_VALUE_REFUSED));
            }
            return Future.failedFuture(failure);
        });
    }
}
