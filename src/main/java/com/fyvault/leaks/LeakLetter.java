package com.fyvault.leaks;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.leaks.LeakStore.Finding;
import com.fyvault.notices.Notice;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is said of a leak: in the audit trail, and to the people concerned. Never the text that leaked. */
final class LeakLetter {
    private static final String CARE = " Where it was found is the word of whoever reported it: enter nothing there.";
    private static final String AFTER_KEY =
            "The key no longer works. Give its users another one, take it out of where it was found, and look in the "
                    + "audit trail at what was done with it.";
    private static final String AFTER_LOGIN =
            "The login has ended. Whoever it was logs in again, and changes the password if they do not know how the token "
                    + "got out. Look in the audit trail at what was done with it.";
    private static final String AFTER_HANDLE =
            "The handle no longer resolves. Look in the audit trail at whether somebody has resolved it before.";
    private static final String AFTER_INVITATION = "The invitation was withdrawn. Invite whoever it was for once more.";
    private static final String AFTER_INVITATION_OVER =
            "The invitation was good no more when it was reported. Look in the audit trail at whether it was accepted, and by whom.";
    private static final String AFTER_WEBHOOK_SECRET =
            "Whoever has the secret can send the receiver what it takes for ours. Roll the secret of the webhook without a "
                    + "grace period, give the receiver the new one, and take the old one out of where it was found.";
    private static final String AFTER_VALUE =
            "The value still works wherever it is accepted. Have its issuer replace it, store the new one here, take it "
                    + "out of where it was found, and look in the audit trail at who has read it.";

    private final Origin origin;
    private final Uuid7 ids;

    LeakLetter(Origin origin, Uuid7 ids) {
        this.origin = origin;
        this.ids = ids;
    }

    /** @param credential the token that was found as it was before; null for what is none */
    AuditRecord record(UUID orgId, Finding finding, @Nullable Credential credential) {
        AuditRecord record = new AuditRecord(ids.next(), AuditAction.LEAK_FOUND)
                .bySystem(orgId)
                .from(origin.address())
                .detail("leak_id", finding.id().toString())
                .detail("reporter", origin.reporter())
                .detail("request_id", origin.requestId().toString());
        if (finding.report().url() != null) {
            record.detail("url", finding.report().url());
        }
        if (finding.report().source() != null) {
            record.detail("source", finding.report().source());
        }
        if (credential != null) {
            return record.detail("token_id", credential.id().toString())
                    .detail("kind", credential.kind().name())
                    .detail("revoked", credential.revokedAt() == null);
        }
        LeakStore.@Nullable Item item = finding.item();
        if (item != null) {
            return record.detail(item.kind().field(), item.id().toString())
                    .detail("kind", item.kind().name())
                    .detail("revoked", item.kind().isEnded() && item.label().live());
        }
        LeakStore.@Nullable Value value = finding.value();
        return value == null
                ? record
                : record.environment(value.environmentId()).secret(value.secretId(), value.version());
    }

    Notice notice(LeakStore.Held held, LeakStore.People people, Finding finding, @Nullable Credential credential) {
        JsonObject payload = new JsonObject().put("leakId", finding.id().toString());
        Set<String> recipients = new LinkedHashSet<>();
        LeakStore.@Nullable Value value = finding.value();
        LeakStore.@Nullable Item item = finding.item();
        if (credential != null) {
            tell(recipients, people, credential.ownerUserId());
            if (credential.ownerTeamId() != null) {
                recipients.addAll(people.teams().getOrDefault(credential.ownerTeamId(), List.of()));
            }
            payload.put("tokenId", credential.id().toString())
                    .put("kind", credential.kind().name())
                    .put("label", credential.label())
                    .put("last4", credential.last4())
                    .put("wasLive", credential.revokedAt() == null);
        } else if (value != null) {
            payload.put("secretId", value.secretId().toString())
                    .put("secret", value.where().secret())
                    .put("environment", value.where().environment())
                    .put("version", value.version());
        } else if (item != null) {
            tell(recipients, people, item.label().ownerId());
            payload.put("itemId", item.id().toString())
                    .put("kind", item.kind().name())
                    .put("label", item.label().name())
                    .put("wasLive", item.label().live());
        }
        recipients.addAll(people.administrators());
        payload.put("foundAt", finding.report().url())
                .put("source", finding.report().source())
                .put("reportedBy", origin.reporter())
                .put("reportedAt", held.now().toString())
                .put("whatToDo", after(credential, item) + CARE);
        boolean ended = credential != null || (item != null && item.kind().isEnded());
        return new Notice(
                finding.thing().orgId(),
                // The leak is found by it, and it by the leak.
                finding.id(),
                ended ? Notice.KEY_LEAKED : Notice.SECRET_LEAKED,
                recipients.stream().toList(),
                held.now(),
                payload);
    }

    private static void tell(Set<String> recipients, LeakStore.People people, @Nullable UUID userId) {
        @Nullable String address = userId == null ? null : people.owners().get(userId);
        if (address != null) {
            recipients.add(address);
        }
    }

    private static String after(@Nullable Credential credential, LeakStore.@Nullable Item item) {
        if (credential != null) {
            return credential.kind() == TokenKind.LOGIN ? AFTER_LOGIN : AFTER_KEY;
        }
        if (item == null) {
            return AFTER_VALUE;
        }
        return switch (item.kind()) {
            case HANDLE -> AFTER_HANDLE;
            case INVITATION -> item.label().live() ? AFTER_INVITATION : AFTER_INVITATION_OVER;
            case WEBHOOK_SECRET -> AFTER_WEBHOOK_SECRET;
        };
    }
}
