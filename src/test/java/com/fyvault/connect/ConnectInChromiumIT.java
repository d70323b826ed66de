package com.fyvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.factors.FactorPerson;
import com.fyvault.support.Chromium;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Tab;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The page in a real browser, from the sample's own start to a read by the application. */
@EnabledIf(value = "com.fyvault.support.Chromium#isThere", disabledReason = "needs /usr/bin/chromium")
class ConnectInChromiumIT extends ServerTest {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private FactorPerson person;
    private Chromium chromium;
    private SampleBackend backend;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0");
    }

    @BeforeAll
    void open() throws IOException {
        Assumptions.assumeTrue(SampleBackend.isThere(), "no node on this machine");
        person = new FactorPerson(server, "ada@example.com");
        new TestPeople(server).join(person.id(), server.orgId(), Role.DEVELOPER);
        person.enrolTotp();
        chromium = Chromium.start();
        backend = new SampleBackend("http://localhost:" + server.port());
    }

    @AfterAll
    void shut() {
        if (backend != null) {
            backend.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    private static void await(Tab tab, String text) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!tab.text().contains(text)) {
            assertThat(System.nanoTime()).as(tab.text()).isLessThan(end);
        }
    }

    private static void type(Tab tab, String field, String text) {
        assertThat(tab.run("document.getElementById('" + field + "').value = '" + text + "'"))
                .isEqualTo(text);
    }

    private static void press(Tab tab, String button) {
        String _ = tab.run("document.querySelector('" + button + "').click()");
    }

    /** By day and by night, on a desk and in a hand. */
    private static void narrowAndWide(Tab tab) {
        for (int width : new int[] {390, 1280}) {
            for (boolean dark : new boolean[] {true, false}) {
                tab.look(width, dark);
                assertThat(Integer.parseInt(tab.run("document.documentElement.scrollWidth")))
                        .as("nothing is wider than the window")
                        .isLessThanOrEqualTo(width);
            }
        }
    }

    /** Up to the question, with password and code. */
    private Tab asked() {
        Tab tab = chromium.visitor();
        tab.send(backend.start());
        await(tab, "Log in");
        narrowAndWide(tab);
        type(tab, "email", person.email());
        type(tab, "password", TestPeople.PASSWORD);
        press(tab, "#login-form button");
        await(tab, "Second factor");
        type(tab, "digits", person.code().getString("code"));
        press(tab, "#code-form button");
        await(tab, "Approve");
        return tab;
    }

    @Test
    void fromTheProvidersButtonToTheApplicationsRead() {
        try (Tab tab = asked()) {
            assertThat(tab.text()).contains("Example Mail", "127.0.0.1:", "MAIL_", "production", person.email());
            assertThat(tab.run("document.querySelectorAll('#environments :checked').length"))
                    .isEqualTo("1");
            narrowAndWide(tab);
            press(tab, "#approve");
            await(tab, "Connected. Pushed MAIL_API_KEY, version 1.");
            assertThat(owner.value("MAIL_API_KEY")).startsWith("re_live_");
        }
    }

    @Test
    void whoRefusesGoesBackAndNothingIsGiven() {
        long before = server.database().count("select count(*) from connect_code");
        try (Tab tab = asked()) {
            press(tab, "#ask .refuse");
            await(tab, "Not connected: access_denied");
            assertThat(server.database().count("select count(*) from connect_code"))
                    .isEqualTo(before);
        }
    }

    @Test
    void aRequestThatIsNoneIsToldAndLeadsNowhere() {
        String page =
                "http://localhost:" + server.port() + "/connect?name=%3Cimg%20src%3Dx%20onerror%3D%22hit%3D1%22%3E";
        String proof = "&state=s&code_challenge_method=S256&code_challenge=" + "A".repeat(43);
        try (Tab tab = chromium.visitor()) {
            for (String query : new String[] {
                proof + "&redirect_uri=http://evil.example/",
                proof + "&redirect_uri=javascript:alert(1)",
                proof + "&redirect_uri=https://good.example%40evil.example/",
                proof + "&redirect_uri=https://a.example/&redirect_uri=https://b.example/",
                "&redirect_uri=https://a.example/&code_challenge_method=plain&code_challenge=x",
                proof + "&redirect_uri=https://pr%C3%B6v.example/",
                proof + "&redirect_uri=https://a.example%5C@b.example/",
                proof
            }) {
                tab.visit(page + query);
                await(tab, "This request cannot be used");
                assertThat(tab.run("location.host")).isEqualTo("localhost:" + server.port());
            }
            tab.visit(page + proof + "&redirect_uri=https://xn--prv-tna.example/");
            await(tab, "Log in");
            assertThat(tab.text()).contains("xn--prv-tna.example");
            assertThat(tab.run("typeof hit")).isEqualTo("undefined");
        }
    }
}
