package com.fyvault.devices;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyRequest;
import com.fyvault.credentials.KeyStore;
import com.fyvault.credentials.Minting;
import com.fyvault.limits.Windows;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Registers a device, which may read no secret until it is assigned one. It is told by a token, shown
 * this once, or, when a fingerprint is given, by that: then nobody has its token.
 */
final class RegisterDevice {
    private static final int LONGEST_HOSTNAME = 255;
    private static final int LONGEST_FINGERPRINT = 256;
    /** Another field may be meant to restrict the device. */
    private static final Set<String> KNOWN = Set.of(
            "name",
            "hostname",
            "fingerprint",
            "allowedEnvironments",
            "ipAllowlist",
            "rateLimitRpm",
            "limits",
            "expiresAt",
            "expiresInDays",
            "neverExpires");

    private final DeviceStore store;
    private final ChildTokens tokens;
    private final DeviceView view;
    private final int mostDevices;

    /** @param mostDevices live devices that an organization may have */
    RegisterDevice(DeviceStore store, ChildTokens tokens, DeviceView view, int mostDevices) {
        this.store = store;
        this.tokens = tokens;
        this.view = view;
        this.mostDevices = mostDevices;
    }

    private record Asked(String name, Device device, KeyRequest key) {}

    Future<Answer> register(Call call, Transaction transaction) {
        ChildTokens.checkMaker(call);
        Asked asked = asked(call.body());
        return tokens.room(call, transaction, TokenKind.DEVICE, mostDevices)
                .compose(now -> checkNew(call, transaction, asked.device()).map(now))
                .compose(now -> tokens.make(call, transaction, order(asked, now)))
                .compose(made -> store.add(transaction, made.credential(), asked.device())
                        .map(added -> answer(made, asked.device())));
    }

    private static Asked asked(Fields body) {
        body.refuseAllBut(KNOWN);
        KeyRequest key = KeyRequest.parse(body);
        @Nullable String name = key.label();
        if (name == null) {
            throw Fields.invalid("name", "is missing");
        }
        @Nullable String hostname = body.optionalText("hostname", LONGEST_HOSTNAME);
        @Nullable String fingerprint = body.optionalText("fingerprint", LONGEST_FINGERPRINT);
        if (fingerprint != null && !fingerprint.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Fields.invalid("fingerprint", "holds characters other than printable ASCII");
        }
        Device device = new Device(given(hostname), given(fingerprint));
        return new Asked(name, device, key.scopedTo(Scope.SECRETS_READ));
    }

    private static ChildTokens.Order order(Asked asked, Instant now) {
        KeyRequest key = asked.key();
        @Nullable Windows limits = key.limits();
        return new ChildTokens.Order(
                TokenKind.DEVICE,
                asked.name(),
                key,
                now,
                key.lifetime().isGiven() ? key.lifetime().end(now, Duration.ZERO) : null,
                (limits == null ? Windows.NONE : limits).toJson());
    }

    /** Two devices with one certificate would be one device with the secrets of both. */
    private Future<Void> checkNew(Call call, Transaction transaction, Device device) {
        @Nullable String fingerprint = device.fingerprint();
        if (fingerprint == null) {
            return Future.succeededFuture();
        }
        return store.isKnown(transaction, call.orgId(), fingerprint).map(known -> {
            if (known) {
                throw Refusal.of(ErrorCode.NAME_TAKEN, "A device of that fingerprint is registered");
            }
            return null;
        });
    }

    private Answer answer(Minting.Made made, Device device) {
        JsonObject shown = view.whole(new KeyStore.Standing(made.credential(), List.of(), true), device);
        return device.fingerprint() != null
                ? Answer.created(shown)
                : Answer.created(shown.copy().put("token", made.token().exposeText()))
                        .replayedAs(shown);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
