package com.fyvault.proofs.pages;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as a server would take it that does not look where it comes from: as JSON of its own pages, also when it is
 * a form, and with the method that it asks for in a field or a header.
 */
record Disguise(String method, String uri, Map<String, String> headers, Buffer body) {
    private static final Set<String> HOPS =
            Set.of("host", "content-length", "connection", "upgrade", "transfer-encoding");
    private static final Pattern PART = Pattern.compile("name=\"([^\"]+)\"\\r\\n\\r\\n(.*?)\\r\\n--", Pattern.DOTALL);

    /** The request as it is. */
    static Disguise none(HttpServerRequest request, Buffer body) {
        return new Disguise(request.method().name(), request.uri(), headers(request), body);
    }

    static Disguise of(HttpServerRequest request, Buffer body, String origin) {
        Map<String, String> headers = headers(request);
        String type = headers.getOrDefault("content-type", "");
        JsonObject form = type.startsWith("application/x-www-form-urlencoded")
                        && !body.toString().startsWith("{")
                ? urlencoded(body.toString())
                : type.startsWith("multipart/form-data") ? multipart(body.toString()) : new JsonObject();
        String override = headers.getOrDefault("x-http-method-override", form.getString("_method", ""));
        headers.keySet().remove("x-http-method-override");
        headers.put("sec-fetch-site", "same-origin");
        headers.put("origin", origin);
        headers.put("content-type", "application/json");
        String method = override.isEmpty() ? request.method().name() : override;
        Buffer json = method.equals("DELETE") ? Buffer.buffer() : form.isEmpty() ? body : form.toBuffer();
        return new Disguise(method, request.uri(), headers, json);
    }

    private static Map<String, String> headers(HttpServerRequest request) {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOPS.contains(name)) {
                headers.put(name, header.getValue());
            }
        });
        return headers;
    }

    private static JsonObject urlencoded(String text) {
        JsonObject fields = new JsonObject();
        for (String pair : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                fields.put(decoded(parts[0]), decoded(parts[1]));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static JsonObject multipart(String text) {
        JsonObject fields = new JsonObject();
        Matcher part = PART.matcher(text);
        while (part.find()) {
            fields.put(part.group(1), part.group(2));
        }
        return fields;
    }
}
