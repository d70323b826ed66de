package com.fyvault.credentials;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes an API key of the person who asks, within what their role allows. It has no parent: it ends with its owner's
 * membership, not with the login (docs/decisions/keys-made-by-people.md).
 */
final class CreateKey {
    static final Duration LIFE = Duration.ofDays(365);

    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final Issuers issuers;
    private final int mostKeys;

    /** @param mostKeys keys that an organization may have */
    CreateKey(KeyStore store, Reaches reaches, Minting minting, Issuers issuers, int mostKeys) {
        this.store = store;
        this.reaches = reaches;
        this.minting = minting;
        this.issuers = issuers;
        this.mostKeys = mostKeys;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        Issuers.checkPerson(call);
        return create(call, transaction, null);
    }

    /** One that the team in the path owns: it ends with the team, whoever made it. */
    Future<Answer> createOfTeam(Call call, Transaction transaction) {
        Issuers.checkPerson(call);
        UUID team = call.id("team", ErrorCode.TEAM_NOT_FOUND);
        return issuers.checkTeam(call, transaction, team).compose(in -> create(call, transaction, team));
    }

    private Future<Answer> create(Call call, Transaction transaction, @Nullable UUID team) {
        KeyRequest request = KeyRequest.ofKey(call.body(), call.orgId());
        KeyKind kind = KeyKind.parse(call.body());
        String label = label(request);
        Maker maker = Maker.of(call.decision());
        return store.roomForKey(transaction, call.orgId(), mostKeys).compose(room -> {
            if (room.taken() >= mostKeys) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "An organization has at most " + mostKeys + " keys");
            }
            Minting.Grant grant = new Minting.Grant(
                    label,
                    kind.scopes(maker, request.scopes()),
                    room.now(),
                    maker.expiry(request.lifetime().end(room.now(), LIFE)));
            return reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(request, null))
                    .compose(reach -> issuers.checkMaking(call, transaction, reach)
                            .compose(may -> minting.mint(
                                    call,
                                    transaction,
                                    kind.token(),
                                    grant.within(reach)
                                            .limitedTo(request.limits())
                                            .ownedBy(team))))
                    .map(made -> {
                        JsonObject shown = KeyView.of(made.credential(), true);
                        return Answer.created(KeyView.once(shown, made.token())).replayedAs(shown);
                    });
        });
    }

    static String label(KeyRequest request) {
        @Nullable String label = request.label();
        if (label == null) {
            throw Fields.invalid("label", "is missing");
        }
        return label;
    }
}
