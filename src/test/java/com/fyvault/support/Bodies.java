package com.fyvault.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the bodies of requests have in common. */
public final class Bodies {
    private Bodies() {}

    /** An object with a name. */
    public static JsonObject named(String name) {
        return new JsonObject().put("name", name);
    }

    /** A list of texts. */
    public static JsonArray texts(String... texts) {
        return new JsonArray(List.of(texts));
    }
}
