package com.fyvault.platform.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/** The query of a request, decoded once, by the same rules on every route. Names are as written, also in case. */
public final class Query {
    private static final int MOST_PARAMETERS = 32;

    private Query() {}

    /** The parameters of a request's target; refused when an escape in it is no escape. */
    public static Map<String, List<String>> parameters(String target) {
        try {
            return QueryStringDecoder.builder()
                    .maxParams(MOST_PARAMETERS)
                    .build(target)
                    .parameters();
        } catch (IllegalArgumentException malformed) {
            throw Fields.invalid("query", "is not well formed");
        }
    }
}
