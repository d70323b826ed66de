package com.fyvault.people;

import com.fyvault.api.Entrance;
import com.fyvault.api.Routes;
import com.fyvault.api.Sites;
import com.fyvault.audit.AuditAction;
import com.fyvault.platform.async.EvenTime;
import com.fyvault.platform.config.PeopleSettings;
import io.vertx.core.Future;
import java.time.Duration;

/** The routes about people and their logins. What all event loops share; each mounts them in a frame of its own. */
public final class PeopleRoutes {
    /** Well above what a request that sends a mail needs. */
    private static final Duration EVEN = Duration.ofMillis(100);

    private final People people;
    private final PersonFrame.Logins logins;
    private final EnterOrganization entrance;
    private final SignUp signUp;
    private final LogIn logIn;
    private final Passwords passwords;
    private final MyLogins myLogins;
    private final MyOrganizations organizations;

    public PeopleRoutes(People people, EnterOrganization.Parts parts, Memberships memberships, Sites sites) {
        this.people = people;
        this.logins = new PersonFrame.Logins(
                people.sessions(), people.tokens(), sites, people.settings().idle());
        this.entrance = new EnterOrganization(
                parts, people.tokens(), sites, people.settings().idle());
        this.signUp = new SignUp(people);
        this.logIn = new LogIn(people);
        this.passwords = new Passwords(people);
        this.myLogins = new MyLogins(people);
        this.organizations = new MyOrganizations(people, memberships);
    }

    /** The way of a login into an organization. */
    public Entrance entrance() {
        return entrance;
    }

    public Sites sites() {
        return logins.sites();
    }

    /** What ends a person's logins and links that were found in public. */
    public EndFound endFound() {
        return new EndFound(people, new PostgresFoundErrands());
    }

    /** What logs somebody in, for the step after the password. */
    public LogIn logIn() {
        return logIn;
    }

    /** What confirms a second factor in a login that goes on. */
    public StepUp stepUp() {
        return new StepUp(people);
    }

    /** What asks for somebody's password once more. */
    public Passwords passwords() {
        return passwords;
    }

    public People people() {
        return people;
    }

    /** The frame of an event loop, for every feature with routes about a person. */
    public PersonFrame frame(PersonFrame.Edge edge) {
        return new PersonFrame(logins, edge);
    }

    /** Loads what the first login would load on an event loop. */
    public Future<Void> warmUp() {
        return people.hashes().warmUp().compose(ready -> people.tokens().warmUp());
    }

    public void mount(Routes routes, PersonFrame frame) {
        PeopleSettings settings = people.settings();
        Doors doors = new Doors(routes, frame);
        doors.mail("/auth/signup", "signUp", settings, signUp::signUp);
        doors.mail("/auth/verify/resend", "resendVerification", settings, signUp::resend);
        doors.mail("/auth/password/forgot", "forgotPassword", settings, passwords::forgot);
        doors.guess("/auth/verify", "verifyEmail", settings, signUp::verify);
        doors.guess("/auth/login", "logIn", settings, logIn::logIn);
        doors.guess("/auth/password/reset", "resetPassword", settings, passwords::reset);
        frame.person(routes.post("/auth/logout", "logOut", AuditAction.LOGIN_ACCOUNT), myLogins::logout);
        frame.person(
                routes.post("/auth/logout-everywhere", "logOutEverywhere", AuditAction.LOGIN_ACCOUNT),
                myLogins::logoutEverywhere);
        frame.person(routes.post("/users/me/password", "changePassword", AuditAction.LOGIN_ACCOUNT), passwords::change);
        frame.person(routes.get("/users/me", "getMe", AuditAction.LOGIN_ACCOUNT), myLogins::me);
        frame.person(routes.get("/users/me/sessions", "listLogins", AuditAction.LOGIN_ACCOUNT), myLogins::list);
        frame.person(
                routes.delete("/users/me/sessions/{session}", "endLogin", AuditAction.LOGIN_ACCOUNT), myLogins::end);
        frame.person(routes.get("/auth/me/orgs", "listMyOrgs", AuditAction.LOGIN_ACCOUNT), organizations::list);
        frame.person(routes.post("/orgs", "createOrg", AuditAction.LOGIN_ACCOUNT), organizations::create);
    }

    /** The routes that anybody may try, each address so often. */
    private record Doors(Routes routes, PersonFrame frame) {
        /** Somebody is sent a mail; which one, the time of the answer does not tell either. */
        void mail(String path, String operationId, PeopleSettings settings, PersonFrame.Work work) {
            PersonFrame.Work even = call -> EvenTime.atLeast(EVEN, () -> work.answer(call));
            open(path, operationId, limited("mails", settings.mailsMinute(), even));
        }

        /** Something is guessed. */
        void guess(String path, String operationId, PeopleSettings settings, PersonFrame.Work work) {
            open(path, operationId, limited("logins", settings.loginsMinute(), work));
        }

        private void open(String path, String operationId, PersonFrame.Work work) {
            frame.open(routes.post(path, operationId, AuditAction.LOGIN_ACCOUNT), work);
        }

        private PersonFrame.Work limited(String what, int most, PersonFrame.Work work) {
            return call -> frame.limits().admit(call.address(), what, most).compose(in -> work.answer(call));
        }
    }
}
