package com.fyvault.devices;

import static com.fyvault.tokens.Scope.DEVICES_READ;
import static com.fyvault.tokens.Scope.DEVICES_WRITE;
import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.credentials.KeyRequest;
import com.fyvault.credentials.KeyStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Devices, and the secrets that they are assigned. */
public final class DeviceRoutes {
    private static final String DEVICES = "/orgs/{org}/devices";
    private static final String DEVICE = DEVICES + "/{token}";
    private static final String SECRETS = DEVICE + "/secrets";

    private final DeviceStore store;
    private final ChildTokens tokens;
    private final DeviceView view;
    private final RegisterDevice register;
    private final AssignSecret assign;

    public DeviceRoutes(PostgresDeviceStore store, ChildTokens tokens, Clock clock, int mostDevices) {
        this.store = store;
        this.tokens = tokens;
        this.view = new DeviceView(clock);
        this.register = new RegisterDevice(store, tokens, view, mostDevices);
        this.assign = new AssignSecret(store, tokens);
    }

    public void mount(Routes routes) {
        routes.get(DEVICES, "listDevices", AuditAction.DEVICE_LIST)
                .needs(DEVICES_READ, ORG_ADMIN)
                .reads(this::list);
        routes.get(DEVICE, "getDevice", AuditAction.DEVICE_VIEW)
                .needs(DEVICES_READ, ORG_ADMIN)
                .reads(this::view);
        // Under the organization's row for writing: it is what makes the limit exact.
        routes.post(DEVICES, "registerDevice", AuditAction.DEVICE_REGISTER)
                .needs(DEVICES_WRITE)
                .changesAuthority(register::register);
        routes.patch(DEVICE, "updateDevice", AuditAction.DEVICE_UPDATE)
                .needs(DEVICES_WRITE)
                .changesAuthority(this::rename);
        routes.delete(DEVICE, "revokeDevice", AuditAction.DEVICE_REVOKE)
                .needs(DEVICES_WRITE)
                .changesAuthority(this::revoke);
        routes.post(SECRETS, "assignSecret", AuditAction.DEVICE_ASSIGN)
                .needs(DEVICES_WRITE)
                .changesAuthority((call, transaction) -> shown(transaction, assign.assign(call, transaction)));
        routes.delete(SECRETS + "/{secret}", "unassignSecret", AuditAction.DEVICE_UNASSIGN)
                .needs(DEVICES_WRITE)
                .changesAuthority((call, transaction) -> shown(transaction, assign.unassign(call, transaction)));
    }

    /** Those that can be used, newest first. */
    private Future<Answer> list(Call call) {
        return tokens.list(call, TokenKind.DEVICE)
                .compose(page -> found(call, page.standings()).map(devices -> {
                    JsonArray items = new JsonArray();
                    for (KeyStore.Standing standing : page.standings()) {
                        items.add(view.of(standing, of(standing, devices)));
                    }
                    call.record().detail("count", items.size());
                    return Answer.ok(items).withNextCursor(page.nextCursor());
                }));
    }

    private Future<Answer> view(Call call) {
        return tokens.find(call, TokenKind.DEVICE)
                .compose(standing -> found(call, List.of(standing))
                        .map(devices -> Answer.ok(view.whole(standing, of(standing, devices)))));
    }

    private Future<Answer> rename(Call call, Transaction transaction) {
        call.body().refuseAllBut(Set.of("name"));
        return shown(transaction, tokens.edit(call, transaction, TokenKind.DEVICE, KeyRequest.parse(call.body())));
    }

    private Future<Answer> revoke(Call call, Transaction transaction) {
        return shown(
                transaction,
                tokens.end(call, transaction, call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND), TokenKind.DEVICE)
                        .map(ended -> new KeyStore.Standing(ended, List.of(), false)));
    }

    private Future<Answer> shown(Transaction transaction, Future<KeyStore.Standing> changed) {
        return changed.compose(standing ->
                store.find(transaction, standing.credential()).map(device -> Answer.ok(view.whole(standing, device))));
    }

    private Future<Map<UUID, Device>> found(Call call, List<KeyStore.Standing> standings) {
        return store.find(
                call.orgId(),
                standings.stream().map(KeyStore.Standing::credential).toList());
    }

    private static Device of(KeyStore.Standing standing, Map<UUID, Device> devices) {
        @Nullable Device device = devices.get(standing.credential().id());
        if (device == null) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        return device;
    }
}
