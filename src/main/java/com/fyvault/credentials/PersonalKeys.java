package com.fyvault.credentials;

import com.fyvault.api.Home;
import com.fyvault.api.Ids;
import com.fyvault.api.LoginToken;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The keys of a person, in all of their organizations. */
public final class PersonalKeys {
    private static final int MOST = 1_000;
    private static final int LONGEST = 64;

    private final KeyStore store;
    private final KeyHomes homes;

    public PersonalKeys(KeyStore store, KeyHomes homes) {
        this.store = store;
        this.homes = homes;
    }

    /** As lists show them, organization by organization, newest first; at most 1,000. */
    public Future<JsonArray> of(UUID userId, List<UUID> orgs) {
        JsonArray shown = new JsonArray();
        Future<Void> all = Future.succeededFuture();
        for (UUID org : orgs) {
            all = all.compose(before -> add(shown, org, userId));
        }
        return all.map(shown);
    }

    /** The organization of a new key, which the body names. */
    Home ofBody() {
        return new Home(
                asked -> asked.body().get().map(body -> {
                    try (Fields fields = Fields.parse(body.getBytes())) {
                        return Ids.parse(fields.text("organization", LONGEST));
                    }
                }),
                ErrorCode.ORG_NOT_FOUND);
    }

    /** The organization of the key that the path names. */
    Home ofKey() {
        return new Home(asked -> find(asked, "token", homes::of), ErrorCode.CREDENTIAL_NOT_FOUND);
    }

    /** The organization of the team that the path names. */
    Home ofTeam() {
        return new Home(asked -> find(asked, "team", homes::ofTeam), ErrorCode.TEAM_NOT_FOUND);
    }

    private static Future<@Nullable UUID> find(
            Home.Request asked, String parameter, BiFunction<TokenHash, UUID, Future<@Nullable UUID>> search) {
        @Nullable LoginToken login = LoginToken.of(asked.request());
        @Nullable UUID id = Ids.parse(asked.path().getOrDefault(parameter, ""));
        return login == null || id == null ? Future.succeededFuture(null) : search.apply(login.hash(), id);
    }

    private Future<Void> add(JsonArray shown, UUID org, UUID userId) {
        int left = MOST - shown.size();
        return left == 0
                ? Future.succeededFuture()
                : store.owned(OwnedKeys.Owner.person(org, userId), null, left).map(found -> {
                    found.forEach(standing -> shown.add(KeyView.of(standing)));
                    return null;
                });
    }
}
