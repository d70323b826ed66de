package com.fyvault.people;

import com.fyvault.api.Cookies;
import com.fyvault.api.Ids;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.ClientAddress;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request of a person about themselves, or of somebody who wants to be one. Confined to the request's event loop. */
public final class PersonCall {
    private static final int LONGEST_AGENT = 200;

    private final UUID id;
    private final HttpServerRequest request;
    private final Map<String, String> path;
    private final ClientAddress address;
    private final @Nullable Person person;
    private final Fields body;
    private final List<String> cookies = new ArrayList<>(0);

    /** How the request came. */
    record Arrival(UUID id, HttpServerRequest request, Map<String, String> path, ClientAddress address) {}

    PersonCall(Arrival arrival, @Nullable Person person, Fields body) {
        this.id = arrival.id();
        this.request = arrival.request();
        this.path = arrival.path();
        this.address = arrival.address();
        this.person = person;
        this.body = body;
    }

    /** The request's id, which is the id of its event. */
    public UUID id() {
        return id;
    }

    /** Who is logged in. */
    public Person person() {
        if (person == null) {
            throw new IllegalStateException("the route asks for no login");
        }
        return person;
    }

    public Fields body() {
        return body;
    }

    public ClientAddress address() {
        return address;
    }

    /** An id in the path; what is no UUID names nothing. */
    public UUID id(String name, ErrorCode absent) {
        @Nullable UUID found = Ids.parse(path.getOrDefault(name, ""));
        if (found == null) {
            throw Refusal.of(absent);
        }
        return found;
    }

    /** A cookie of this server, or null. */
    public @Nullable String cookie(String name) {
        return Cookies.of(request, name);
    }

    /** True when a page asks, and not a program: only browsers send this, and no page can leave it out. */
    public boolean isBrowser() {
        return request.headers().contains("sec-fetch-mode");
    }

    /** What the client calls itself, as far as it is plain text; null for nothing. */
    public @Nullable String agent() {
        @Nullable String agent = request.getHeader(HttpHeaders.USER_AGENT);
        if (agent == null) {
            return null;
        }
        String plain = agent.replaceAll("[^ -~]", "?");
        return plain.length() > LONGEST_AGENT ? plain.substring(0, LONGEST_AGENT) : plain;
    }

    /** Adds a Set-Cookie header to the answer, if it is a good one. */
    public void addCookie(String header) {
        cookies.add(header);
    }

    List<String> cookies() {
        return cookies;
    }
}
