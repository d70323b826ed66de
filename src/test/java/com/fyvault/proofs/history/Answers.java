package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Told;
import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What the server's answers say, in the words of the models. */
final class Answers {
    private Answers() {}

    /**
     * What it says of the secret; null when it says nothing.
     *
     * @param unchanged the version that a 304 stands for
     */
    static @Nullable Told told(Ask ask, Api.Answer answer, long unchanged) {
        return switch (answer.status()) {
            case 200 -> done(ask, answer.data());
            case 304 -> new Told.Value(unchanged, null);
            case 404 ->
                switch (answer.code()) {
                    case "SECRET_NOT_FOUND" -> new Told.Absent();
                    case "VERSION_NOT_FOUND" -> new Told.NoVersion();
                    default -> null;
                };
            case 412 -> new Told.Mismatch();
            default -> null;
        };
    }

    /** What it says of the token; null when it says nothing. */
    static TokenModel.@Nullable Told use(Api.Answer answer) {
        return switch (answer.status()) {
            case 200, 304, 404, 412 -> TokenModel.Told.ACCEPTED;
            case 401 -> answer.code().equals("TOKEN_REVOKED") ? TokenModel.Told.REFUSED : null;
            default -> null;
        };
    }

    /** True for what a client of this run may be answered. */
    static boolean isExpected(Api.Answer answer) {
        return switch (answer.status()) {
            case 200, 304, 412, 503 -> true;
            case 401 -> answer.code().equals("TOKEN_REVOKED");
            case 404 ->
                answer.code().equals("SECRET_NOT_FOUND") || answer.code().equals("VERSION_NOT_FOUND");
            case 409 -> answer.code().equals("REQUEST_IN_PROGRESS");
            default -> false;
        };
    }

    private static Told done(Ask ask, JsonObject data) {
        long version = data.getLong("version");
        return switch (ask) {
            case Ask.Read read -> new Told.Value(version, data.getString("value"));
            case Ask.View view -> new Told.Value(version, null);
            case Ask.Write write -> new Told.Done(version);
            case Ask.RollBack back -> new Told.Done(version);
            case Ask.SetDeleted set -> new Told.Done(version);
        };
    }
}
