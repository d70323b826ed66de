package com.fyvault.api;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a canonical path. A fixed segment goes before a parameter: {@code by-name} is never an id. */
public final class RouteTree {
    private static final Set<String> VERSIONS = Set.of("v1");

    /** What a path leads to. */
    public record Match(Endpoint endpoint, Map<String, String> parameters) {}

    /** The methods that a path takes, when the one asked for is not among them. */
    public static final class WrongMethod extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String allow;

        WrongMethod(Set<String> methods) {
            super("method not allowed", null, false, false);
            this.allow = String.join(", ", methods);
        }

        public String allow() {
            return allow;
        }
    }

    private static final class Node {
        final Map<String, Node> fixed = new HashMap<>();
        final Map<HttpMethod, Endpoint> endpoints = new HashMap<>();

        @Nullable
        Node parameter;
    }

    private final Node root = new Node();

    public RouteTree(List<Endpoint> endpoints) {
        endpoints.forEach(this::add);
    }

    /** The endpoint of a method and the segments of a path, version prefix included. */
    public Match match(HttpMethod method, List<String> segments) {
        int start = segments.size() > 1 && segments.get(0).equals("api") ? 1 : 0;
        if (segments.size() <= start || !VERSIONS.contains(segments.get(start))) {
            throw Refusal.of(ErrorCode.ROUTE_NOT_FOUND);
        }
        Node node = root;
        String[] found = new String[segments.size()];
        int count = 0;
        for (int i = start + 1; i < segments.size(); i++) {
            String segment = segments.get(i);
            @Nullable Node next = node.fixed.get(segment);
            if (next == null) {
                next = node.parameter;
                found[count++] = segment;
            }
            if (next == null) {
                throw Refusal.of(ErrorCode.ROUTE_NOT_FOUND);
            }
            node = next;
        }
        return new Match(endpoint(node, method), named(endpoint(node, method), found));
    }

    private static Endpoint endpoint(Node node, HttpMethod method) {
        @Nullable Endpoint endpoint = node.endpoints.get(method);
        if (endpoint != null) {
            return endpoint;
        }
        if (node.endpoints.isEmpty()) {
            throw Refusal.of(ErrorCode.ROUTE_NOT_FOUND);
        }
        Set<String> allowed = new TreeSet<>();
        node.endpoints.keySet().forEach(known -> allowed.add(known.name()));
        throw new WrongMethod(allowed);
    }

    private static Map<String, String> named(Endpoint endpoint, String[] found) {
        List<String> names = endpoint.parameterNames();
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            parameters.put(names.get(i), found[i]);
        }
        return parameters;
    }

    private void add(Endpoint endpoint) {
        Node node = root;
        for (String segment : endpoint.path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                if (node.parameter == null) {
                    node.parameter = new Node();
                }
                node = node.parameter;
            } else {
                node = node.fixed.computeIfAbsent(segment, s -> new Node());
            }
        }
        if (node.endpoints.put(endpoint.method(), endpoint) != null) {
            throw new IllegalStateException("two endpoints at " + endpoint.method() + " " + endpoint.path());
        }
    }
}
