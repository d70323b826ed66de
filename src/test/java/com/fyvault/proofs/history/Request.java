package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What was asked, as HTTP has it; where HTTP has several ways, one by lot. */
record Request(
        Ask ask, String method, String path, @Nullable JsonObject body, List<String> headers) {

    static Request of(TestSecret secret, Ask ask, SplittableRandom random) {
        String byId = "/secrets/" + secret.id();
        String byName = "/secrets/by-name/" + secret.name();
        return switch (ask) {
            case Ask.Read read -> get(ask, (random.nextBoolean() ? byId : byName) + "/value", read.place(), random);
            case Ask.View view -> get(ask, random.nextBoolean() ? byId : byName, view.place(), random);
            case Ask.Write write -> write(write, byId, random);
            case Ask.RollBack back ->
                change(
                        ask,
                        "POST",
                        byId + "/rollback" + in(back.place()),
                        new JsonObject().put("version", back.version()));
            case Ask.SetDeleted set ->
                set.deleted()
                        ? new Request(ask, "DELETE", byId, null, List.of())
                        : change(ask, "POST", byId + "/undelete", new JsonObject());
        };
    }

    boolean isChange() {
        return !method.equals("GET");
    }

    Request with(String idempotencyKey) {
        return isChange() && !idempotencyKey.isEmpty() ? adding("Idempotency-Key", idempotencyKey) : this;
    }

    Request unless(String etag) {
        return adding("If-None-Match", etag);
    }

    Api.Answer send(Api api) {
        return api.send(method, path, body == null ? null : body.encode(), headers.toArray(String[]::new));
    }

    private Request adding(String header, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        more.add(value);
        return new Request(ask, method, path, body, more);
    }

    /** By PATCH or by rotation; what the server shall make, only by rotation. */
    private static Request write(Ask.Write write, String byId, SplittableRandom random) {
        boolean made = write.content().startsWith(SecretModel.MADE);
        JsonObject body = made ? new JsonObject() : new JsonObject().put("value", write.content());
        Request request = made || random.nextInt(4) == 0
                ? change(write, "POST", byId + "/rotate" + in(write.place()), body)
                : change(write, "PATCH", byId + in(write.place()), body);
        return write.demanded() == 0 ? request : request.adding("If-Match", "\"" + write.demanded() + "\"");
    }

    private static Request get(Ask ask, String path, Place place, SplittableRandom random) {
        boolean named = place != Place.PRODUCTION || random.nextBoolean();
        return new Request(ask, "GET", named ? path + in(place) : path, null, List.of());
    }

    private static Request change(Ask ask, String method, String path, JsonObject body) {
        return new Request(ask, method, path, body, List.of());
    }

    private static String in(Place place) {
        return "?environment=" + place.name().toLowerCase(Locale.ROOT);
    }
}
