package com.fyvault;

import com.fyvault.advice.AdviceRoutes;
import com.fyvault.advice.PostgresAdviceStore;
import com.fyvault.advice.PostgresDigestStore;
import com.fyvault.agents.AgentRoutes;
import com.fyvault.agents.PostgresAgentStore;
import com.fyvault.api.Routes;
import com.fyvault.api.StepUps;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.bootstrap.OwnerKeys;
import com.fyvault.bootstrap.PostgresOrgWriter;
import com.fyvault.breakglass.BreakGlassRoutes;
import com.fyvault.breakglass.PostgresBreakGlassStore;
import com.fyvault.connect.ConnectRoutes;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyRoutes;
import com.fyvault.credentials.PostgresKeyStore;
import com.fyvault.credentials.PostgresOwnedKeys;
import com.fyvault.credentials.PostgresPasswordAlone;
import com.fyvault.credentials.PostgresReachStore;
import com.fyvault.devices.DeviceRoutes;
import com.fyvault.devices.PostgresDeviceStore;
import com.fyvault.environments.Directory;
import com.fyvault.environments.EnvironmentRoutes;
import com.fyvault.environments.EnvironmentStore;
import com.fyvault.environments.Places;
import com.fyvault.environments.PostgresDirectoryStore;
import com.fyvault.environments.PostgresEnvironmentStore;
import com.fyvault.environments.PostgresPlaceStore;
import com.fyvault.factors.FactorRoutes;
import com.fyvault.factors.RequireStepUp;
import com.fyvault.federation.ExchangeRoutes;
import com.fyvault.federation.TrustRuleRoutes;
import com.fyvault.handles.HandleRoutes;
import com.fyvault.handles.PostgresHandleStore;
import com.fyvault.leaks.FoundLeakRoutes;
import com.fyvault.leaks.LeakRoutes;
import com.fyvault.leaks.PostgresFoundLeakStore;
import com.fyvault.members.ClearPolicy;
import com.fyvault.members.InvitationRoutes;
import com.fyvault.members.MemberRoutes;
import com.fyvault.members.PostgresMemberStore;
import com.fyvault.members.PostgresOverviewStore;
import com.fyvault.members.PostgresPolicyStore;
import com.fyvault.members.PostgresTeamStore;
import com.fyvault.mykeys.MyKeyRoutes;
import com.fyvault.notices.NoticeRoutes;
import com.fyvault.notices.NoticeStore;
import com.fyvault.notices.PostgresNoticeStore;
import com.fyvault.orgs.OrgRoutes;
import com.fyvault.orgs.PostgresOrgStore;
import com.fyvault.orgs.PostgresStandingStore;
import com.fyvault.orgs.Standings;
import com.fyvault.people.PeopleRoutes;
import com.fyvault.people.PostgresLoginSessions;
import com.fyvault.projects.PostgresProjectStore;
import com.fyvault.projects.ProjectRoutes;
import com.fyvault.projects.ProjectStore;
import com.fyvault.providers.ProviderRoutes;
import com.fyvault.scan.ScanRoutes;
import com.fyvault.secrets.PostgresSealedValueStore;
import com.fyvault.secrets.PostgresSecretStore;
import com.fyvault.secrets.ReadCurrent;
import com.fyvault.secrets.ReadPrevious;
import com.fyvault.secrets.ReadSecret;
import com.fyvault.secrets.SealedValues;
import com.fyvault.secrets.SecretRoutes;
import com.fyvault.secrets.ValueOpener;
import com.fyvault.tokens.Withdrawals;
import com.fyvault.trail.PostgresTrailStore;
import com.fyvault.trail.ReadActivity;
import com.fyvault.trail.TrailRoutes;
import com.fyvault.trail.TrailStore;

/** The features, each made of the core and its own store. */
final class Features {
    final SealedValues values;
    final ReadSecret readSecret;
    final Bootstrap bootstrap;
    final OwnerKeys ownerKeys;
    final MyKeyRoutes myKeys;
    final ReadPrevious readPrevious;
    final Standings standings;
    final ClearPolicy policies;
    final ExchangeRoutes.Shared exchange;
    final NoticeStore notices;
    final ConnectRoutes.Shared connect;
    final LeakRoutes.Shared leaks;
    final PeopleRoutes people;
    final InvitationRoutes invitations;
    final FactorRoutes factors;
    final StepUps stepUps;
    private final SecretRoutes secrets;
    private final KeyRoutes keys;
    private final AgentRoutes agents;
    private final ProviderRoutes providers;
    private final DeviceRoutes devices;
    private final BreakGlassRoutes breakGlass;
    private final NoticeRoutes noticeList;
    private final HandleRoutes handles;
    private final ScanRoutes scan;
    private final EnvironmentRoutes environments;
    private final ProjectRoutes projects;
    private final OrgRoutes orgs;
    private final MemberRoutes members;
    private final TrailRoutes trail;
    private final AdviceRoutes advice;
    private final FoundLeakRoutes found;
    private final ReadActivity activity;
    private final TrustRuleRoutes trustRules;

    Features(Core core, Withdrawals withdrawals) {
        EnvironmentStore environmentStore = new PostgresEnvironmentStore(core.database, core.ids);
        ProjectStore projectStore = new PostgresProjectStore(core.database, environmentStore);
        PostgresKeyStore keyStore = new PostgresKeyStore(core.database, core.seals);
        ValueOpener opener = new ValueOpener(core.keyrings, core.workers);
        PostgresSealedValueStore sealed = new PostgresSealedValueStore(core.database, core.seals);
        this.values = new SealedValues(core.vertx, sealed, core.settings.cache());
        Directory directory = new Directory(core.vertx, new PostgresDirectoryStore(core.database));
        this.readSecret = new ReadSecret(core.authority, directory, values, opener, core.tombstones, core.limits);
        this.readPrevious = new SecretParts(core, opener).previous();
        this.secrets = new SecretParts(core, opener).routes();
        this.stepUps = new RequireStepUp(core.database, new PostgresLoginSessions(core.database, core.seals));
        KeyParts keyParts = new KeyParts(core, keyStore, withdrawals);
        ChildTokens children = new ChildTokens(keyParts.parts);
        this.keys = keyParts.routes();
        this.myKeys = keyParts.mine();
        this.agents = agents(core, children);
        ProviderParts providerParts = new ProviderParts(core, children);
        this.providers = providerParts.routes();
        this.connect = providerParts.connect(keyStore, withdrawals);
        this.devices = devices(core, children);
        this.notices = new PostgresNoticeStore(core.database);
        this.noticeList = new NoticeRoutes(notices);
        this.breakGlass = breakGlass(core, notices, children);
        this.handles = handles(core, new ReadCurrent(directory, sealed, opener), children, withdrawals);
        this.scan = new ScanRoutes(core.vertx);
        this.environments = new EnvironmentRoutes(environmentStore, core.ids);
        this.projects = new ProjectRoutes(projectStore, core.ids);
        this.orgs = new OrgRoutes(new PostgresOrgStore(core.database));
        TrailStore events =
                new PostgresTrailStore(core.database, core.settings.trail().scanRows());
        this.trail = new TrailRoutes(events, core.settings.trail().reads());
        this.activity = new ReadActivity(events, core.settings.trail().reads());
        this.advice = advice(core);
        this.found = new FoundLeakRoutes(new PostgresFoundLeakStore(core.database));
        FederationParts federation = new FederationParts(core, keyStore);
        this.trustRules = federation.rules(withdrawals);
        this.exchange = federation.exchange();
        this.standings = new Standings(core.database, new PostgresStandingStore(core.seals), core.audit, core.ids);
        MemberRoutes.Parts memberParts = memberParts(core, standings, withdrawals);
        this.policies = new ClearPolicy(core.database, memberParts.policies(), core.audit, core.ids);
        this.members = new MemberRoutes(memberParts, core.ids);
        PostgresOrgWriter orgWriter = new PostgresOrgWriter(core.ids, core.seals, projectStore);
        this.ownerKeys = new OwnerKeys(core.database, orgWriter, keyParts.operator());
        this.bootstrap = bootstrap(core, orgWriter, keyStore);
        this.people = new PeopleParts(core).routes(keyStore, withdrawals, bootstrap);
        this.invitations = new PeopleParts(core).invitations(memberParts, people);
        this.factors = new PeopleParts(core).factors(people);
        this.leaks = LeakParts.shared(core, notices, people.endFound(), withdrawals);
    }

    /** Every route but those of the hot path. */
    void mount(Routes routes) {
        secrets.mount(routes);
        keys.mount(routes);
        agents.mount(routes);
        providers.mount(routes);
        devices.mount(routes);
        breakGlass.mount(routes);
        noticeList.mount(routes);
        handles.mount(routes);
        scan.mount(routes);
        leaks.mount(routes);
        environments.mount(routes);
        projects.mount(routes);
        orgs.mount(routes);
        members.mount(routes);
        invitations.mount(routes);
        trail.mount(routes);
        activity.mount(routes);
        advice.mount(routes);
        found.mount(routes);
        trustRules.mount(routes);
    }

    private static AdviceRoutes advice(Core core) {
        return new AdviceRoutes(
                new PostgresAdviceStore(core.database), new PostgresDigestStore(core.database, core.seals));
    }

    private static MemberRoutes.Parts memberParts(Core core, Standings standings, Withdrawals withdrawals) {
        return new MemberRoutes.Parts(
                new PostgresMemberStore(core.database, core.seals),
                new PostgresTeamStore(core.database, core.seals),
                new PostgresPolicyStore(core.seals),
                new PostgresOverviewStore(core.database),
                new PostgresStandingStore(core.seals),
                standings,
                new PostgresOwnedKeys(core.seals),
                new PostgresPasswordAlone(core.seals),
                new PostgresReachStore(),
                withdrawals,
                core.clock,
                core.vertx);
    }

    private static AgentRoutes agents(Core core, ChildTokens children) {
        return new AgentRoutes(
                new PostgresAgentStore(core.database),
                children,
                core.settings.issue().agents());
    }

    private static DeviceRoutes devices(Core core, ChildTokens children) {
        return new DeviceRoutes(
                new PostgresDeviceStore(core.database, core.seals),
                children,
                core.clock,
                core.settings.issue().devices());
    }

    private static BreakGlassRoutes breakGlass(Core core, NoticeStore notices, ChildTokens children) {
        return new BreakGlassRoutes(
                new PostgresBreakGlassStore(core.database, core.seals),
                notices,
                children,
                core.ids,
                core.settings.issue().breakGlass());
    }

    private static HandleRoutes handles(Core core, ReadCurrent current, ChildTokens children, Withdrawals withdrawals) {
        HandleRoutes.Parts parts = new HandleRoutes.Parts(
                new PostgresHandleStore(core.database, core.seals),
                new Places(new PostgresPlaceStore(core.database)),
                new PostgresSecretStore(core.database, core.seals),
                current,
                core.authority,
                children,
                withdrawals);
        return new HandleRoutes(
                parts, core.ids, core.random, core.settings.issue().handles());
    }

    private static Bootstrap bootstrap(Core core, PostgresOrgWriter orgWriter, PostgresKeyStore keyStore) {
        return new Bootstrap(
                core.database,
                orgWriter,
                core.orgKeys,
                keyStore,
                new Bootstrap.Tools(core.ids, core.random, core.clock, core.root, core.audit));
    }
}
