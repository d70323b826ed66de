package com.fyvault.providers;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;
import org.assertj.core.api.Assertions;

/** A provider as it calls: with its own token, at its own paths. */
public record TestProvider(Api api, String id) {

    /** Registers one; the body may say more. */
    public static TestProvider register(Api owner, String name, JsonObject more) {
        JsonObject made = created(owner.post("/providers", named(name).mergeIn(more)));
        String id = made.getJsonObject("provider").getString("providerId");
        return new TestProvider(owner.as(made.getString("token")), id);
    }

    public static TestProvider register(Api owner, String name) {
        return register(owner, name, new JsonObject());
    }

    public String path() {
        return "/providers/" + id;
    }

    /** The body of a push to an environment. */
    public static JsonObject item(String name, String value, String environment) {
        return new JsonObject().put("secret_name", name).put("value", value).put("environment", environment);
    }

    public Api.Answer push(JsonObject item, String... headers) {
        return api.post(path() + "/push", item, headers);
    }

    /** Pushes to production and fails unless it is taken. */
    @CanIgnoreReturnValue
    public JsonObject push(String name, String value) {
        return pushTo("production", name, value);
    }

    @CanIgnoreReturnValue
    public JsonObject pushTo(String environment, String name, String value) {
        Api.Answer answer = push(item(name, value, environment));
        Assertions.assertThat(answer.status()).as(answer.text()).isLessThan(300);
        return answer.data();
    }

    public Api.Answer rotate(JsonObject body) {
        return api.patch(path(), body);
    }

    public TestProvider as(String token) {
        return new TestProvider(api.as(token), id);
    }
}
