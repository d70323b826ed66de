package com.fyvault.people;

import com.fyvault.api.Answer;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mails that nobody sends, for {@code fyvault dev} without a mail server: a page for its user, and the same as
 * JSON for scripts. Whoever sees it could be anybody, so it is there only for the machine that it runs on, under its
 * own name: a page from elsewhere that has its name resolved to this machine is not it.
 */
public final class OutboxRoutes {
    private static final String PATH = "/dev/outbox";
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";

    private final MailOutbox outbox;
    private final Uuid7 ids;

    public OutboxRoutes(MailOutbox outbox, Uuid7 ids) {
        this.outbox = outbox;
        this.ids = ids;
    }

    /** Answers when the path is the outbox's; false leaves the request alone. */
    public boolean tryServe(HttpServerRequest request) {
        if (!PATH.equals(request.path()) || !isHere(request)) {
            return false;
        }
        String id = ids.next().toString();
        if (!HttpMethod.GET.equals(request.method())) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET");
            ErrorExit.end(request, id, Refusal.of(ErrorCode.METHOD_NOT_ALLOWED));
            return true;
        }
        outbox.waiting()
                .onSuccess(mails -> answer(request, mails))
                .onFailure(failure -> ErrorExit.end(request, id, failure));
        return true;
    }

    private static boolean isHere(HttpServerRequest request) {
        @Nullable SocketAddress socket = request.remoteAddress();
        @Nullable HostAndPort named = request.authority();
        @Nullable String host = socket == null ? null : socket.hostAddress();
        if (host == null || named == null || !HERE.contains(named.host())) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress()
                    && !request.headers().contains("x-forwarded-for");
        } catch (UnknownHostException malformed) {
            return false;
        }
    }

    private static void answer(HttpServerRequest request, List<MailOutbox.Waiting> mails) {
        @Nullable String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean page = accept != null && accept.contains("text/html");
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("content-security-policy", POLICY)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer");
        if (page) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                    .end(page(mails))
                    .onFailure(gone -> ErrorExit.clientGone());
        } else {
            JsonArray all = new JsonArray();
            mails.forEach(waiting -> all.add(new JsonObject()
                    .put("id", waiting.id().toString())
                    .put("at", waiting.createdAt().toString())
                    .put("to", waiting.mail().to())
                    .put("subject", waiting.mail().subject())
                    .put("text", waiting.mail().text())));
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Answer.ok(all).toBuffer())
                    .onFailure(gone -> ErrorExit.clientGone());
        }
    }

    private static String page(List<MailOutbox.Waiting> mails) {
        StringBuilder html = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">")
                .append("<title>Outbox</title><style>body{font:1rem/1.5 system-ui;margin:2rem auto;max-width:50rem}")
                .append("pre{white-space:pre-wrap;border:1px solid #999;padding:1rem}</style>")
                .append("<h1>Outbox</h1><p>Mails that this development server would have sent, the newest first.</p>");
        if (mails.isEmpty()) {
            html.append("<p>There are none.</p>");
        }
        mails.forEach(waiting -> html.append("<h2>")
                .append(escaped(waiting.mail().subject()))
                .append("</h2><p>")
                .append(waiting.createdAt())
                .append(" to ")
                .append(escaped(waiting.mail().to()))
                .append("</p><pre>")
                .append(escaped(waiting.mail().text()))
                .append("</pre>"));
        return html.append("</html>").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
