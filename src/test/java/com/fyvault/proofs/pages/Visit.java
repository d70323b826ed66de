package com.fyvault.proofs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.proofs.pages.FrontDoor.Seen;
import com.fyvault.proofs.pages.FrontDoor.Walls;
import com.fyvault.proofs.pages.HostileSite.From;
import com.fyvault.support.Chromium;
import com.fyvault.support.Tab;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A browser, the server behind its front door, and a hostile site. */
final class Visit implements AutoCloseable {
    static final String EMAIL = "ada@example.com";

    static final String VALUE = "kept to myself";
    private static final long SOON = 3_000;
    private static final long GRACE = 300;

    final FrontDoor door;
    final HostileSite hostile;
    /** Not the server's: its event loops are for it alone. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    private final Chromium browser = Chromium.start();
    private final TestServer server;
    private final AtomicInteger count = new AtomicInteger();

    Visit(TestServer server) {
        this.server = server;
        this.door = new FrontDoor(vertx, server.port());
        this.hostile = new HostileSite(vertx);
    }

    /** A new visitor's tab. */
    Tab visitor() {
        return browser.visitor();
    }

    /** A small page of the server's own. */
    String home() {
        return door.origin() + "/docs/page.css";
    }

    /** A page of the server's own, with these walls. */
    Tab atHome(Walls walls) {
        door.put(walls);
        Tab tab = browser.visitor();
        tab.visit(home());
        return tab;
    }

    /** The same, where somebody has logged in. */
    Tab loggedIn(Walls walls) {
        Tab tab = atHome(walls);
        logIn(tab);
        return tab;
    }

    void logIn(Tab tab) {
        JsonObject body = new JsonObject().put("email", EMAIL).put("password", TestPeople.PASSWORD);
        assertThat(ask(tab, "POST", "/auth/login", body)).startsWith("200 ");
    }

    /** Asks as a script of the page that the tab shows; the status and the text. */
    String ask(Tab tab, String method, String path, JsonObject body) {
        boolean without = method.equals("GET") || method.equals("DELETE");
        JsonObject options = new JsonObject().put("method", method).put("credentials", "include");
        if (!without) {
            options.put("body", body.encode()).put("headers", new JsonObject().put("content-type", "application/json"));
        } else if (method.equals("DELETE")) {
            options.put("headers", new JsonObject().put("content-type", "application/json"));
        }
        return tab.run("fetch('" + door.origin() + "/api/v1" + path + "', " + options.encode()
                + ").then(a => a.text().then(t => a.status + ' ' + t)).catch(e => 'refused: ' + e)");
    }

    /** A page that was visited, and what came of it. */
    record Outcome(From from, Way way, List<Seen> seen, String read) {
        boolean arrived() {
            return !seen.isEmpty();
        }

        boolean acted() {
            return seen.stream().anyMatch(Seen::acted) || read.contains(VALUE);
        }

        @Override
        public String toString() {
            return from + " " + way.name() + " "
                    + seen.stream()
                            .map(s -> s.method() + (s.hasLogin() ? " with login " : " without login ") + s.status())
                            .toList();
        }
    }

    /** Leads the tab to a hostile page, and waits until it has had its try. */
    Outcome shoot(Tab tab, From from, Way way, Way.Shot shot) {
        int mark = door.mark();
        String url = hostile.origin(from) + hostile.put(way.page(shot));
        String path = shot.url().substring(door.origin().length());
        String read = "";
        if (way.leaves()) {
            tab.send(url);
        } else {
            tab.visit(url);
            read = tab.run("window.tried");
        }
        if (door.await(mark, seen -> seen.path().equals(path), SOON)) {
            // A browser that has asked goes on when it was told yes, and then at once.
            boolean yes = door.since(mark).stream().anyMatch(seen -> seen.status() / 100 == 2);
            boolean _ = door.await(mark, seen -> !seen.isAsking(), yes ? SOON : GRACE);
        }
        tab.closeOthers();
        List<Seen> seen =
                door.since(mark).stream().filter(one -> one.path().equals(path)).toList();
        return new Outcome(from, way, seen, read);
    }

    /** What hostile pages try, from a page of the server's own: all of it acts. */
    void actsItself(Tab tab) {
        tab.visit(home());
        String org = "/orgs/" + server.orgId();
        String name = "OWN_" + count.incrementAndGet();
        JsonObject secret = new JsonObject().put("name", name).put("value", "x");
        assertThat(ask(tab, "POST", org + "/secrets", secret)).startsWith("201 ");
        assertThat(ask(tab, "POST", "/orgs", new JsonObject().put("name", name)))
                .startsWith("201 ");
        assertThat(ask(tab, "DELETE", org + "/secrets/" + server.createSecret(name + "_GONE", "x"), secret))
                .startsWith("200 ");
        assertThat(ask(tab, "GET", org + "/secrets/by-name/KEPT/value", secret)).startsWith("200 ");
    }

    @Override
    public void close() {
        browser.close();
        hostile.close();
        door.close();
        TestServer.await(vertx.close());
    }
}
