package com.fyvault.proofs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.proofs.pages.FrontDoor.Seen;
import com.fyvault.proofs.pages.FrontDoor.Walls;
import com.fyvault.proofs.pages.HostileSite.From;
import com.fyvault.proofs.pages.Visit.Outcome;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Tab;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * T43: a browser with somebody who is logged in is led to hostile pages, which try in every way that a browser has to
 * change, remove or read something. Nothing of it acts. With the walls down each of the same pages does: it is the
 * walls that hold, and not a fault of the pages.
 */
@EnabledIf(
        value = "com.fyvault.support.Chromium#isWanted",
        disabledReason = "needs /usr/bin/chromium, and takes its time: only with -Pproofs")
class HostilePagesInChromiumIT extends ServerTest {
    private Visit visit;
    private int count;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void meet() {
        TestPeople people = new TestPeople(server);
        people.join(people.plant(Visit.EMAIL, TestPeople.hash()), server.orgId(), Role.OWNER);
        server.createSecret("KEPT", Visit.VALUE);
        visit = new Visit(server);
    }

    @AfterAll
    void leave() {
        if (visit != null) {
            visit.close();
        }
    }

    private List<Outcome> shootAll(Tab tab, List<From> origins) {
        String org = visit.door.origin() + "/api/v1/orgs/" + server.orgId();
        List<Outcome> all = new ArrayList<>();
        for (From from : origins) {
            String hostile = visit.hostile.origin(from);
            for (Way way : Way.toChange()) {
                JsonObject body =
                        new JsonObject().put("name", "EVIL_" + count++).put("value", "x");
                String url = count % 4 == 0 ? visit.door.origin() + "/api/v1/orgs" : org + "/secrets";
                JsonObject sent = count % 4 == 0 ? new JsonObject().put("name", "Evil" + count) : body;
                all.add(visit.shoot(tab, from, way, new Way.Shot("POST", url, sent, hostile)));
            }
            for (Way way : Way.toRemove()) {
                String url = org + "/secrets/" + server.createSecret("LOSE_" + count++, "x");
                all.add(visit.shoot(tab, from, way, new Way.Shot("DELETE", url, new JsonObject(), hostile)));
            }
            for (Way way : Way.toRead()) {
                String url = org + "/secrets/by-name/KEPT/value";
                all.add(visit.shoot(tab, from, way, new Way.Shot("GET", url, new JsonObject(), hostile)));
            }
        }
        return all;
    }

    /** What a hostile request could have changed, but for what this test itself prepares for removal. */
    private String state() {
        return server.database()
                .query("select (select count(*) from secret where name like 'EVIL%') as evil,"
                        + " (select count(*) from secret where name like 'LOSE%' and deleted_at is not null) as lost,"
                        + " (select count(*) from org) as orgs,"
                        + " (select count(*) from login_session where ended_at is not null) as ended,"
                        + " (select string_agg(password_hash, ',' order by user_id) from account) as hashes")
                .toString();
    }

    private void print(String name, List<Outcome> shots) {
        long arrived = shots.stream().filter(Outcome::arrived).count();
        long acted = shots.stream().filter(Outcome::acted).count();
        long withLogin = shots.stream()
                .filter(shot -> shot.seen().stream().anyMatch(Seen::hasLogin))
                .count();
        String more = withLogin + " of them with the cookie; stopped in the browser: "
                + shots.stream()
                        .filter(shot -> !shot.arrived())
                        .map(shot -> shot.from() + " " + shot.way().name())
                        .toList();
        Figures.print(new Figures.Line("T43", name, shots.size(), arrived, acted, more));
    }

    @Test
    void nothingThatHostilePagesTryActs() {
        try (Tab tab = visit.loggedIn(Walls.UP)) {
            String before = state();
            List<Outcome> shots = shootAll(tab, List.of(From.values()));
            print("hostile pages in Chromium", shots);
            assertThat(shots).filteredOn(Outcome::acted).isEmpty();
            assertThat(state()).isEqualTo(before);
            assertThat(shots.stream().filter(Outcome::arrived).count()).isGreaterThanOrEqualTo(30);
            visit.actsItself(tab);
        }
    }

    @Test
    void nothingActsWhenTheBrowserSendsTheCookieAlong() {
        try (Tab tab = visit.loggedIn(Walls.NO_SAME_SITE)) {
            String before = state();
            List<Outcome> shots = shootAll(tab, List.of(From.OTHER_SITE));
            print("the same without SameSite", shots);
            assertThat(shots).filteredOn(Outcome::acted).isEmpty();
            assertThat(state()).isEqualTo(before);
            assertThat(shots.stream()
                            .filter(shot -> shot.seen().stream().anyMatch(Seen::hasLogin))
                            .count())
                    .isGreaterThanOrEqualTo(30);
            visit.actsItself(tab);
        }
    }

    @Test
    void allOfItActsWithTheWallsDown() {
        try (Tab tab = visit.loggedIn(Walls.DOWN)) {
            List<Outcome> shots = shootAll(tab, List.of(From.values()));
            long acted = shots.stream().filter(Outcome::acted).count();
            Figures.print(new Figures.Line("T43", "control: the same with the walls down", shots.size(), acted, 0, ""));
            assertThat(shots).filteredOn(shot -> !shot.acted()).isEmpty();
        } finally {
            visit.door.put(Walls.UP);
        }
    }
}
