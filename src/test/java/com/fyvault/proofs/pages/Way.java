package com.fyvault.proofs.pages;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A way for a page to have its visitor's browser send something to another site.
 *
 * @param leaves true when the page itself is gone then; else {@code window.tried} is there, or nothing to wait for
 */
record Way(String name, boolean leaves, String html) {
    /**
     * What is to be sent, and from where.
     *
     * @param hostile the origin of the page
     */
    record Shot(String method, String url, JsonObject body, String hostile) {}

    private static final String TEXT = "<form id=f method=post action='$URL' enctype=text/plain $MORE>$TEXT</form>";
    private static final String SUBMIT = "<script>f.submit()</script>";

    private static Way leaving(String name, String html) {
        return new Way(name, true, html);
    }

    private static Way staying(String name, String html) {
        return new Way(name, false, html);
    }

    private static Way script(String name, String expression) {
        return staying(
                name,
                "<script>window.tried = Promise.resolve(" + expression
                        + ").then(a => a && a.text ? a.text() : '' + a).catch(e => 'refused: ' + e)</script>");
    }

    private static String xhr(String method, String type, String body) {
        return "new Promise(done => { const x = new XMLHttpRequest(); x.open('" + method + "', '$URL');"
                + " x.withCredentials = true; "
                + (type.isEmpty() ? "" : "x.setRequestHeader('content-type', '" + type + "');")
                + " x.onload = () => done(x.responseText); x.onerror = () => done('refused'); x.send(" + body + "); })";
    }

    private static String fetch(String mode, String type, String body) {
        String headers = type.isEmpty() ? "" : "headers: {'content-type': '" + type + "'}, ";
        return "fetch('$URL', {method: 'POST', mode: '" + mode + "', credentials: 'include', " + headers + "body: "
                + body + "})";
    }

    /** With a body, to change something. */
    static List<Way> toChange() {
        String url = "application/x-www-form-urlencoded";
        String json = "application/json";
        String blob = "new Blob([$JSON], {type: 'application/json'})";
        return List.of(
                leaving("form", "<form id=f method=post action='$URL'>$INPUTS</form>" + SUBMIT),
                leaving(
                        "multipart form",
                        "<form id=f method=post action='$URL' enctype=multipart/form-data>$INPUTS</form>" + SUBMIT),
                leaving("form of text that is JSON", TEXT.replace("$MORE", "") + SUBMIT),
                leaving("the same without a referrer", "<meta name=referrer content=no-referrer>" + TEXT + SUBMIT),
                leaving("the same after a redirect", TEXT.replace("$URL", "$HOSTILE/redirect?to=$URL") + SUBMIT),
                staying(
                        "the same into a frame",
                        "<iframe name=in></iframe>" + TEXT.replace("$MORE", "target=in") + SUBMIT),
                staying(
                        "the same into a new window",
                        TEXT.replace("$MORE", "target=other")
                                + "<script>window.open('', 'other'); f.submit()</script>"),
                staying(
                        "the same in a sandbox",
                        "<iframe sandbox='allow-scripts allow-forms' srcdoc=\"$INNER\"></iframe>"),
                staying("the same in a data page", "<iframe src=\"data:text/html,$INNER\"></iframe>"),
                script("fetch no-cors, text", fetch("no-cors", "", "$JSON")),
                script("fetch no-cors, JSON blob", fetch("no-cors", "", blob)),
                script("fetch no-cors, form type", fetch("no-cors", url, "$JSON")),
                script("fetch cors, text", fetch("cors", "text/plain", "$JSON")),
                script("fetch cors, form type", fetch("cors", url, "$JSON")),
                script("fetch cors, JSON", fetch("cors", json, "$JSON")),
                script(
                        "fetch after a redirect",
                        fetch("no-cors", "", "$JSON").replace("$URL", "$HOSTILE/redirect?to=$URL")),
                leaving(
                        "fetch as the page goes",
                        "<script>addEventListener('pagehide', () => fetch('$URL', {method: 'POST', mode: 'no-cors',"
                                + " credentials: 'include', keepalive: true, body: $JSON})); location = 'about:blank'</script>"),
                script("XMLHttpRequest, text", xhr("POST", "text/plain", "$JSON")),
                script("XMLHttpRequest, JSON", xhr("POST", json, "$JSON")),
                script("beacon, text", "navigator.sendBeacon('$URL', $JSON)"),
                script("beacon, form", "navigator.sendBeacon('$URL', new URLSearchParams(JSON.parse($JSON)))"),
                script("beacon, JSON blob", "navigator.sendBeacon('$URL', " + blob + ")"),
                script("worker", worker(fetch("no-cors", "", "$JSON"))),
                script("service worker", serviceWorker("POST", "$JSON")));
    }

    /** Without a body, to remove something. */
    static List<Way> toRemove() {
        return List.of(
                script("fetch DELETE", "fetch('$URL', {method: 'DELETE', credentials: 'include'})"),
                script("XMLHttpRequest DELETE", xhr("DELETE", "", "null")),
                leaving(
                        "form that names a method",
                        "<form id=f method=post action='$URL'><input type=hidden name=_method value=DELETE></form>"
                                + SUBMIT),
                script(
                        "fetch that names a method",
                        "fetch('$URL', {method: 'POST', credentials: 'include',"
                                + " headers: {'x-http-method-override': 'DELETE'}})"));
    }

    /** To read, or to have read. */
    static List<Way> toRead() {
        return List.of(
                staying("image", "<img src='$URL'>"),
                staying("script", "<script src='$URL'></script>"),
                staying("style", "<link rel=stylesheet href='$URL'>"),
                staying("imported style", "<style>@import '$URL';</style>"),
                staying("background", "<p style='background: url($URL)'>b"),
                staying("frame", "<iframe src='$URL'></iframe>"),
                staying("object", "<object data='$URL'></object>"),
                staying("embed", "<embed src='$URL'>"),
                staying("video", "<video src='$URL' preload=auto></video>"),
                staying("preload", "<link rel=preload as=script href='$URL'>"),
                staying("prefetch", "<link rel=prefetch href='$URL'>"),
                staying("module", "<script type=module src='$URL' crossorigin=use-credentials></script>"),
                script("fetch no-cors GET", "fetch('$URL', {mode: 'no-cors', credentials: 'include'})"),
                script("fetch cors GET", "fetch('$URL', {credentials: 'include'})"),
                script("XMLHttpRequest GET", xhr("GET", "", "null")),
                script(
                        "event stream",
                        "new Promise(done => { const s = new EventSource('$URL', {withCredentials: true});"
                                + " s.onmessage = m => done(m.data); s.onerror = () => { s.close(); done('refused') } })"),
                script(
                        "WebSocket",
                        "new Promise(done => { const s = new WebSocket('$URL'.replace('http:', 'ws:'));"
                                + " s.onopen = () => done('open'); s.onerror = () => done('refused') })"),
                script("worker GET", worker("fetch('$URL', {mode: 'no-cors', credentials: 'include'})")),
                script("service worker GET", serviceWorker("GET", "undefined")),
                leaving("link", "<a id=a href='$URL'>a</a><script>a.click()</script>"),
                leaving("location", "<script>location = '$URL'</script>"),
                leaving("refresh", "<meta http-equiv=refresh content='0;url=$URL'>"),
                leaving("form GET", "<form id=f action='$URL'></form>" + SUBMIT),
                staying(
                        "window",
                        "<script>w = window.open('$URL'); window.tried = new Promise(done => setTimeout(() => {"
                                + " try { done(w.document.body.innerText) } catch (e) { done('refused: ' + e) } }, 500))"
                                + "</script>"));
    }

    private static String worker(String expression) {
        return "new Promise(done => { const w = new Worker(URL.createObjectURL(new Blob([String.raw`" + expression
                + ".then(a => a.text()).catch(e => 'refused: ' + e).then(t => postMessage(t))`])));"
                + " w.onmessage = m => done(m.data); w.onerror = e => done('refused: ' + e.message) })";
    }

    private static String serviceWorker(String method, String body) {
        return "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(r =>"
                + " new Promise(done => { navigator.serviceWorker.onmessage = m => done(m.data);"
                + " r.active.postMessage({url: '$URL', method: '" + method + "', body: " + body + "}) }))";
    }

    /** The page that shoots. */
    String page(Shot shot) {
        return filled(html, shot).replace("$INNER", attribute(filled(TEXT + SUBMIT, shot)));
    }

    private static String filled(String html, Shot shot) {
        String text = shot.body().encode();
        // A form of text writes name=value: the JSON is cut within its last string, which gets the sign.
        int cut = text.lastIndexOf(":\"") + 2;
        String trick = cut < 2 ? "" : hidden(text.substring(0, cut), text.substring(cut));
        return html.replace("$MORE", "")
                .replace("$HOSTILE", shot.hostile())
                .replace("$URL", shot.url())
                .replace("$TEXT", trick)
                .replace("$INPUTS", inputs(shot.body()))
                .replace("$JSON", literal(text));
    }

    private static String inputs(JsonObject body) {
        return body.stream()
                .map(field -> hidden(field.getKey(), String.valueOf(field.getValue())))
                .collect(Collectors.joining());
    }

    private static String hidden(String name, String value) {
        return "<input type=hidden name=\"" + attribute(name) + "\" value=\"" + attribute(value) + "\">";
    }

    private static String attribute(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;");
    }

    /** A text as a script writes it. */
    private static String literal(String text) {
        String list = new JsonArray().add(text).encode();
        return list.substring(1, list.length() - 1);
    }
}
