package com.fyvault.support;

import com.fyvault.platform.CanIgnoreReturnValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A tab of a {@link Chromium}: one visitor's, who may have others that pages open. */
public final class Tab implements AutoCloseable {
    private static final int TRIES = 50;
    private static final String LOADED =
            "new Promise(done => document.readyState === 'complete' ? done('') : addEventListener('load', () => done('')))";

    private final Chromium browser;
    private final String visitor;
    private final String target;
    private final String session;

    Tab(Chromium browser, String visitor) {
        this.browser = browser;
        this.visitor = visitor;
        this.target = browser.ask(
                        "",
                        "Target.createTarget",
                        new JsonObject().put("url", "about:blank").put("browserContextId", visitor))
                .getString("targetId");
        this.session = attached(target);
        ask("Page.enable", new JsonObject());
    }

    /** Goes to an address as if it had been typed, and waits until the page is there with all that it loads. */
    public void visit(String url) {
        ask("Page.navigate", new JsonObject().put("url", url));
        String _ = run(LOADED);
    }

    /** Goes to an address and waits for nothing but its beginning: the page may lead on at once. */
    public void send(String url) {
        ask("Page.navigate", new JsonObject().put("url", url));
    }

    /** What a script of the page comes to, as text; a promise is waited for, an exception is the text. */
    public String run(String script) {
        JsonObject parameters = new JsonObject()
                .put("expression", script)
                .put("awaitPromise", true)
                .put("returnByValue", true)
                .put("allowUnsafeEvalBlockedByCSP", false)
                .put("userGesture", true);
        for (int i = 0; ; i++) {
            try {
                JsonObject done = ask("Runtime.evaluate", parameters);
                return done.containsKey("exceptionDetails")
                        ? "exception: " + done.getJsonObject("exceptionDetails").encode()
                        : String.valueOf(done.getJsonObject("result").getValue("value"));
            } catch (Chromium.Failed moved) {
                // The page has just led on to another, and the script belonged to the one that is gone.
                if (i == TRIES) {
                    throw moved;
                }
            }
        }
    }

    /** The text that the page shows. */
    public String text() {
        return run("document.documentElement ? document.documentElement.innerText : ''");
    }

    /** Looks at the page in a window so wide, by day or by night. */
    public void look(int width, boolean dark) {
        JsonObject window = new JsonObject().put("width", width).put("height", 900);
        ask(
                "Emulation.setDeviceMetricsOverride",
                window.put("deviceScaleFactor", 1).put("mobile", width < 600));
        JsonObject scheme = new JsonObject().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light");
        ask("Emulation.setEmulatedMedia", new JsonObject().put("features", new JsonArray().add(scheme)));
    }

    /** Goes back as the button does, and waits until the page is there. */
    public void back() {
        JsonObject history = ask("Page.getNavigationHistory", new JsonObject());
        JsonObject before = history.getJsonArray("entries").getJsonObject(history.getInteger("currentIndex") - 1);
        ask("Page.navigateToHistoryEntry", new JsonObject().put("entryId", before.getInteger("id")));
        String there = before.getString("url");
        for (int i = 0; i < TRIES && !run("location.href").equals(there); i++) {
            String _ = run("new Promise(done => setTimeout(done, 20))");
        }
        String _ = run(LOADED);
    }

    /** The addresses of the frames that show what they were told to show, and no page of the browser's in its place. */
    public List<String> frames() {
        Stream<JsonObject> here = tree(session).getJsonArray("childFrames", new JsonArray()).stream()
                .map(child -> ((JsonObject) child).getJsonObject("frame"));
        // A frame of another site is a target of its own.
        Stream<JsonObject> elsewhere =
                targets("iframe").map(id -> tree(attached(id)).getJsonObject("frame"));
        return Stream.concat(here, elsewhere)
                .filter(frame -> !frame.containsKey("unreachableUrl"))
                .map(frame -> frame.getString("url"))
                .toList();
    }

    private JsonObject tree(String where) {
        return browser.ask(where, "Page.getFrameTree", new JsonObject()).getJsonObject("frameTree");
    }

    private String attached(String id) {
        return browser.ask(
                        "",
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", id).put("flatten", true))
                .getString("sessionId");
    }

    private Stream<String> targets(String type) {
        return browser.ask("", "Target.getTargets", new JsonObject()).getJsonArray("targetInfos").stream()
                .map(JsonObject.class::cast)
                .filter(info -> visitor.equals(info.getString("browserContextId")))
                .filter(info -> info.getString("type").equals(type))
                .map(info -> info.getString("targetId"));
    }

    /** The visitor's cookies by name, with their flags. */
    public Map<String, JsonObject> cookies() {
        JsonArray all = browser.ask("", "Storage.getCookies", new JsonObject().put("browserContextId", visitor))
                .getJsonArray("cookies");
        return all.stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(cookie -> cookie.getString("name"), cookie -> cookie, (one, other) -> one));
    }

    /** Closes what pages have opened beside this tab. */
    public void closeOthers() {
        List<String> others = targets("page").filter(id -> !id.equals(target)).toList();
        for (String other : others) {
            try {
                var _ = browser.ask("", "Target.closeTarget", new JsonObject().put("targetId", other));
            } catch (Chromium.Failed gone) {
                // It closed itself: what was wanted.
            }
        }
    }

    @CanIgnoreReturnValue
    private JsonObject ask(String method, JsonObject parameters) {
        return browser.ask(session, method, parameters);
    }

    @Override
    public void close() {
        var _ = browser.ask("", "Target.disposeBrowserContext", new JsonObject().put("browserContextId", visitor));
    }
}
