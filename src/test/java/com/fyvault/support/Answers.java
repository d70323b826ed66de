package com.fyvault.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What tests ask of answers of many routes. */
public final class Answers {
    private Answers() {}

    /** What was made; fails unless the answer is 201. */
    @CanIgnoreReturnValue
    public static JsonObject created(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.data();
    }

    /** Fails unless the answer is a refusal in the shape that clients read, with this status and code. */
    public static void isRefused(Api.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.json().getBoolean("success")).isFalse();
        assertThat(answer.json().getValue("error")).isInstanceOf(String.class);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().getString("requestId")).isEqualTo(answer.requestId());
    }

    /** The names of what is listed, in its order. */
    public static List<String> names(Api.Answer answer) {
        return answer.list().stream()
                .map(item -> ((JsonObject) item).getString("name"))
                .toList();
    }
}
