package com.fyvault.proofs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.LoginToken;
import com.fyvault.proofs.pages.FrontDoor.Walls;
import com.fyvault.proofs.pages.HostileSite.From;
import com.fyvault.proofs.pages.Visit.Outcome;
import com.fyvault.support.Browser;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Tab;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** T43: what hostile pages may do to a login in a real browser: give it to somebody else, take it, end it, see it. */
@EnabledIf(
        value = "com.fyvault.support.Chromium#isWanted",
        disabledReason = "needs /usr/bin/chromium, and takes its time: only with -Pproofs")
class LoginInChromiumIT extends ServerTest {
    private static final String MALLORY = "mallory@example.com";
    private static final String PREFIXED = LoginToken.COOKIE + "=$TOKEN; Secure; Path=/";
    private static final String WIDE = "; Domain=fyvault.localhost";

    private TestPeople people;
    private Visit visit;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        String hash = TestPeople.hash();
        people.join(people.plant(Visit.EMAIL, hash), server.orgId(), Role.OWNER);
        people.join(people.plant(MALLORY, hash), server.orgId(), Role.VIEWER);
        server.createSecret("KEPT", Visit.VALUE);
        visit = new Visit(server);
    }

    @AfterAll
    void leave() {
        if (visit != null) {
            visit.close();
        }
    }

    private String me(Tab tab) {
        tab.visit(visit.home());
        return visit.ask(tab, "GET", "/users/me", new JsonObject());
    }

    @Test
    void theCookieIsOutOfReach() {
        try (Tab tab = visit.loggedIn(Walls.UP)) {
            JsonObject cookie = Objects.requireNonNull(tab.cookies().get(LoginToken.COOKIE));
            assertThat(cookie.getBoolean("httpOnly")).isTrue();
            assertThat(cookie.getBoolean("secure")).isTrue();
            assertThat(cookie.getString("sameSite")).isEqualTo("Lax");
            assertThat(cookie.getString("path")).isEqualTo("/");
            assertThat(cookie.getString("domain")).isEqualTo(FrontDoor.NAME);
            assertThat(tab.run("document.cookie")).isEmpty();
            int seen = 0;
            for (From from : From.values()) {
                tab.visit(visit.hostile.origin(from) + visit.hostile.put("<script>document.cookie = 'own=1'</script>"));
                assertThat(tab.run("document.cookie")).isEqualTo("own=1");
                seen++;
            }
            // To the other port of the same host it goes, like every cookie.
            List<String> sentTo = visit.hostile.cookies.stream()
                    .filter(sent -> sent.getValue().contains(cookie.getString("value")))
                    .map(Map.Entry::getKey)
                    .distinct()
                    .toList();
            assertThat(sentTo).isSubsetOf(FrontDoor.NAME);
            Figures.print(
                    new Figures.Line("T43", "cookie read by scripts", seen + 1, seen + 1, 0, "sent to " + sentTo));
            String first = cookie.getString("value");
            visit.logIn(Objects.requireNonNull(tabAtHome(tab)));
            assertThat(tab.cookies().get(LoginToken.COOKIE).getString("value")).isNotEqualTo(first);
        }
    }

    private Tab tabAtHome(Tab tab) {
        tab.visit(visit.home());
        return tab;
    }

    /** Somebody else's login, put there by a page before and after one's own. */
    @Test
    void nobodyElsesLoginTakesItsPlace() {
        Browser attacker = people.browser(MALLORY);
        String token = Objects.requireNonNull(attacker.cookie(LoginToken.COOKIE));
        List<String> plants = List.of(
                PREFIXED + WIDE,
                PREFIXED.toLowerCase(Locale.ROOT).replace("$token", "$TOKEN") + WIDE,
                "=" + PREFIXED + WIDE,
                " " + PREFIXED + WIDE,
                PREFIXED.replace("=$", " =$") + WIDE,
                PREFIXED.replace("Path=/", "Path=/api") + WIDE,
                PREFIXED,
                PREFIXED.replace("Path=/", "Path=/api/v1"));
        int tried = 0;
        int stuck = 0;
        List<String> taken = new ArrayList<>();
        for (String plant : plants) {
            for (From from : List.of(From.SIBLING, From.OTHER_PORT)) {
                String page = visit.hostile.put(
                        "<script>document.cookie = '" + plant.replace("$TOKEN", token) + "'</script>");
                try (Tab tab = visit.visitor()) {
                    tab.visit(visit.hostile.origin(from) + page);
                    stuck += tab.cookies().values().stream()
                                    .anyMatch(cookie ->
                                            (cookie.getString("name") + cookie.getString("value")).contains(token))
                            ? 1
                            : 0;
                    visit.logIn(tabAtHome(tab));
                    String before = me(tab);
                    tab.visit(visit.hostile.origin(from) + page);
                    String after = me(tab);
                    tried += 2;
                    if (!before.contains(Visit.EMAIL) || !after.contains(Visit.EMAIL)) {
                        taken.add(from + " " + plant + ": " + before + " / " + after);
                    }
                }
            }
        }
        Figures.print(new Figures.Line(
                "T43",
                "cookies planted before and after a login",
                tried,
                tried,
                taken.size(),
                stuck + " stayed until the login"));
        assertThat(taken).isEmpty();
        // One's own host can be planted on from its other port, so the pages do plant.
        assertThat(stuck).isPositive();
        assertThat(attacker.ask("GET", "/users/me", null).text()).contains(MALLORY);
    }

    private List<Outcome> shoot(Tab tab, From from, String path, JsonObject body) {
        String hostile = visit.hostile.origin(from);
        String url = visit.door.origin() + "/api/v1" + path;
        List<Outcome> all = new ArrayList<>();
        for (Way way : Way.toChange()) {
            all.add(visit.shoot(tab, from, way, new Way.Shot("POST", url, body, hostile)));
        }
        return all;
    }

    @Test
    void noPageLogsItsVisitorInOrOut() {
        JsonObject login = new JsonObject()
                .put("email", MALLORY)
                .put("password", TestPeople.PASSWORD)
                .put("name", "x");
        JsonObject nothing = new JsonObject().put("name", "x");
        List<Outcome> all = new ArrayList<>();
        try (Tab tab = visit.loggedIn(Walls.UP)) {
            for (From from : From.values()) {
                all.addAll(shoot(tab, from, "/auth/login", login));
                all.addAll(shoot(tab, from, "/auth/logout", nothing));
            }
            all.addAll(shoot(tab, From.OTHER_PORT, "/auth/logout-everywhere", nothing));
            assertThat(me(tab)).contains(Visit.EMAIL);
        }
        try (Tab tab = visit.loggedIn(Walls.NO_SAME_SITE)) {
            all.addAll(shoot(tab, From.OTHER_SITE, "/auth/logout", nothing));
            all.addAll(shoot(tab, From.OTHER_SITE, "/auth/logout-everywhere", nothing));
            assertThat(me(tab)).contains(Visit.EMAIL);
        }
        long arrived = all.stream().filter(Outcome::arrived).count();
        long acted = all.stream().filter(Outcome::acted).count();
        Figures.print(new Figures.Line("T43", "logins and logouts by hostile pages", all.size(), arrived, acted, ""));
        assertThat(all).filteredOn(Outcome::acted).isEmpty();
        assertThat(arrived).isGreaterThanOrEqualTo(all.size() * 9L / 10);
        try (Tab tab = visit.loggedIn(Walls.DOWN)) {
            assertThat(shoot(tab, From.OTHER_SITE, "/auth/login", login)).allMatch(Outcome::acted);
            assertThat(me(tab)).contains(MALLORY);
            Way form = Way.toChange().get(0);
            String url = visit.door.origin() + "/api/v1/auth/logout-everywhere";
            assertThat(visit.shoot(tab, From.OTHER_SITE, form, new Way.Shot("POST", url, nothing, ""))
                            .acted())
                    .isTrue();
            assertThat(me(tab)).startsWith("401 ");
        } finally {
            visit.door.put(Walls.UP);
        }
    }

    @Test
    void theWayBackAfterALogoutShowsNothing() {
        List<String> pages = List.of(
                "/users/me",
                "/users/me/sessions",
                "/orgs/" + server.orgId() + "/secrets/by-name/KEPT/value",
                "/orgs/" + server.orgId() + "/secrets");
        int shown = 0;
        for (String page : pages) {
            try (Tab tab = visit.loggedIn(Walls.UP)) {
                tab.visit(visit.door.origin() + "/api/v1" + page);
                String there = tab.text();
                assertThat(there).contains("\"success\":true");
                tab.visit(visit.home());
                tab.back();
                // Control: while the login lives, the way back leads there.
                assertThat(tab.text()).isEqualTo(there);
                tab.visit(visit.home());
                assertThat(visit.ask(tab, "POST", "/auth/logout", new JsonObject()))
                        .startsWith("200 ");
                tab.back();
                shown += tab.text().contains("\"success\":true") ? 1 : 0;
                assertThat(tab.text()).contains("\"success\":false");
                assertThat(tab.cookies()).doesNotContainKey(LoginToken.COOKIE);
            }
        }
        Figures.print(new Figures.Line("T43", "the way back after a logout", pages.size(), pages.size(), shown, ""));
    }
}
