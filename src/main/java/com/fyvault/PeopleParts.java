package com.fyvault;

import com.fyvault.api.Sites;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.SubKeys;
import com.fyvault.factors.EnrolledFactors;
import com.fyvault.factors.FactorRoutes;
import com.fyvault.guesses.CountGuess;
import com.fyvault.guesses.CountInvitation;
import com.fyvault.guesses.PostgresGuessStore;
import com.fyvault.members.InvitationRoutes;
import com.fyvault.members.MemberRoutes;
import com.fyvault.members.PostgresInvitationStore;
import com.fyvault.members.PostgresTeamStore;
import com.fyvault.members.TakeInvitation;
import com.fyvault.orgs.PostgresStandingStore;
import com.fyvault.people.EndLogins;
import com.fyvault.people.EnterOrganization;
import com.fyvault.people.LoginTokens;
import com.fyvault.people.PasswordHash;
import com.fyvault.people.People;
import com.fyvault.people.PeopleRoutes;
import com.fyvault.people.PostgresAccounts;
import com.fyvault.people.PostgresLoginSessions;
import com.fyvault.people.PostgresMailOutbox;
import com.fyvault.people.PostgresMailTokens;
import com.fyvault.people.PostgresMemberships;
import com.fyvault.people.PostgresPasswordGate;
import com.fyvault.people.PostgresPendingLogins;
import com.fyvault.people.PostgresPersonEvents;
import com.fyvault.platform.config.PeopleSettings;
import com.fyvault.tokens.Withdrawals;

/** The parts of people, put together. */
final class PeopleParts {
    private final Core core;
    private final PeopleSettings settings;
    private final SubKeys keys;

    PeopleParts(Core core) {
        this.core = core;
        this.settings = core.settings.people();
        this.keys = core.root.subKeys();
    }

    /** What people have besides a password. */
    FactorRoutes factors(PeopleRoutes people) {
        return new FactorRoutes(
                new FactorRoutes.Parts(
                        people,
                        new PostgresMemberships(core.database, core.seals),
                        core.seals,
                        keys.factors(),
                        core.workers),
                core.settings.factors());
    }

    /** Who is invited, and who leaves. */
    InvitationRoutes invitations(MemberRoutes.Parts members, PeopleRoutes people) {
        InvitationRoutes.Parts parts = new InvitationRoutes.Parts(
                members,
                new PostgresInvitationStore(core.database, core.seals),
                core.database,
                people.people(),
                core.audit,
                new CountInvitation(new PostgresGuessStore(core.database), core.seals),
                core.ids,
                core.random);
        return new InvitationRoutes(parts, settings.url(), settings.loginsMinute());
    }

    /** Whoever is logged in, and how. */
    PeopleRoutes routes(KeyStore keyStore, Withdrawals withdrawals, Bootstrap bootstrap) {
        People.Stores stores = stores();
        EndLogins end = new EndLogins(
                stores.sessions(), keyStore, core.audit, withdrawals, new EndLogins.Tools(core.ids, core.clock));
        People people = new People(
                core.database,
                stores,
                new LoginTokens(core.vertx, keys.login(), core.workers, core.random),
                new PasswordHash(core.vertx, core.random, settings.passwordThreads(), settings.passwordQueue()),
                new People.Checks(
                        new CountGuess(new PostgresGuessStore(core.database), core.seals),
                        new EnrolledFactors(core.database),
                        new TakeInvitation(
                                new PostgresInvitationStore(core.database, core.seals),
                                new PostgresTeamStore(core.database, core.seals),
                                new PostgresStandingStore(core.seals),
                                core.audit,
                                core.ids)),
                new People.Tools(core.ids, core.random, core.clock, settings, bootstrap, end));
        EnterOrganization.Parts entering = new EnterOrganization.Parts(
                core.database,
                stores.sessions(),
                keyStore,
                core.authority,
                core.audit,
                core.limits,
                new EnrolledFactors(core.database),
                core.ids);
        return new PeopleRoutes(
                people, entering, new PostgresMemberships(core.database, core.seals), new Sites(settings.origins()));
    }

    private People.Stores stores() {
        return new People.Stores(
                new PostgresAccounts(core.database, core.seals),
                new PostgresLoginSessions(core.database, core.seals),
                new PostgresPasswordGate(core.database, core.seals),
                new PostgresPendingLogins(core.database, core.seals, core.random),
                new PostgresMailTokens(core.database, keys.mail(), core.random),
                new PostgresMailOutbox(core.database, keys.mail(), core.ids, core.random),
                new PostgresPersonEvents(core.database));
    }
}
