package com.fyvault.events;

import com.fyvault.audit.AuditAction;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an event tells of. docs/EVENTS.md has a line for each. */
public enum EventType {
    SECRET_CREATED,
    SECRET_UPDATED,
    SECRET_ROTATED,
    SECRET_ROLLED_BACK,
    SECRET_REVOKED,
    SECRET_DELETED,
    SECRET_RESTORED,
    /** What a provider is told when a secret became its own or another's; it is in nobody's stream. */
    SECRET_HANDED_OVER,
    ENVIRONMENT_CREATED,
    ENVIRONMENT_UPDATED,
    ENVIRONMENT_DELETED,
    ENVIRONMENT_RESTORED,
    PROJECT_CREATED,
    PROJECT_UPDATED,
    PROJECT_DELETED,
    PROJECT_RESTORED,
    TOKEN_CREATED,
    TOKEN_UPDATED,
    TOKEN_ROLLED,
    TOKEN_REVOKED,
    RULE_CREATED,
    RULE_UPDATED,
    RULE_REVOKED,
    PROVIDER_CREATED,
    PROVIDER_UPDATED,
    PROVIDER_ROLLED,
    PROVIDER_EXPIRING,
    PROVIDER_REVOKED,
    DEVICE_CREATED,
    DEVICE_UPDATED,
    DEVICE_REVOKED,
    MEMBER_JOINED,
    MEMBER_UPDATED,
    MEMBER_DEACTIVATED,
    MEMBER_REMOVED,
    MEMBER_LEFT,
    MEMBER_TRANSFERRED,
    INVITATION_CREATED,
    INVITATION_WITHDRAWN,
    INVITATION_DECLINED,
    TEAM_CREATED,
    TEAM_UPDATED,
    TEAM_DELETED,
    POLICY_UPDATED,
    LEAK_FOUND,
    LEAK_RESOLVED,
    ORG_LOCKED,
    ORG_UNLOCKED,
    WEBHOOK_CREATED,
    WEBHOOK_UPDATED,
    WEBHOOK_DELETED,
    /** What {@code POST .../test} sends; it is in nobody's stream. */
    WEBHOOK_TEST;

    private static final Map<AuditAction, EventType> OF = new EnumMap<>(AuditAction.class);

    static {
        OF.put(AuditAction.SECRET_CREATE, SECRET_CREATED);
        OF.put(AuditAction.SECRET_UPDATE, SECRET_UPDATED);
        OF.put(AuditAction.SECRET_ROTATE, SECRET_ROTATED);
        OF.put(AuditAction.SECRET_ROLLBACK, SECRET_ROLLED_BACK);
        OF.put(AuditAction.SECRET_DELETE, SECRET_DELETED);
        OF.put(AuditAction.SECRET_UNDELETE, SECRET_RESTORED);
        OF.put(AuditAction.ENVIRONMENT_CREATE, ENVIRONMENT_CREATED);
        OF.put(AuditAction.ENVIRONMENT_UPDATE, ENVIRONMENT_UPDATED);
        OF.put(AuditAction.ENVIRONMENT_SET_DEFAULT, ENVIRONMENT_UPDATED);
        OF.put(AuditAction.ENVIRONMENT_DELETE, ENVIRONMENT_DELETED);
        OF.put(AuditAction.ENVIRONMENT_UNDELETE, ENVIRONMENT_RESTORED);
        OF.put(AuditAction.PROJECT_CREATE, PROJECT_CREATED);
        OF.put(AuditAction.PROJECT_UPDATE, PROJECT_UPDATED);
        OF.put(AuditAction.PROJECT_DELETE, PROJECT_DELETED);
        OF.put(AuditAction.PROJECT_UNDELETE, PROJECT_RESTORED);
        OF.put(AuditAction.KEY_CREATE, TOKEN_CREATED);
        OF.put(AuditAction.KEY_UPDATE, TOKEN_UPDATED);
        OF.put(AuditAction.KEY_ROLL, TOKEN_ROLLED);
        OF.put(AuditAction.KEY_REVOKE, TOKEN_REVOKED);
        OF.put(AuditAction.AGENT_CREATE, TOKEN_CREATED);
        OF.put(AuditAction.AGENT_REVOKE, TOKEN_REVOKED);
        OF.put(AuditAction.BREAKGLASS_OPEN, TOKEN_CREATED);
        OF.put(AuditAction.BREAKGLASS_REVOKE, TOKEN_REVOKED);
        // Made by the thousand, so nobody is told of that; that one was ended is rare, and news.
        OF.put(AuditAction.SESSION_REVOKE, TOKEN_REVOKED);
        OF.put(AuditAction.RULE_CREATE, RULE_CREATED);
        OF.put(AuditAction.RULE_UPDATE, RULE_UPDATED);
        OF.put(AuditAction.RULE_REVOKE, RULE_REVOKED);
        OF.put(AuditAction.PROVIDER_CREATE, PROVIDER_CREATED);
        OF.put(AuditAction.CONNECT_EXCHANGE, PROVIDER_CREATED);
        OF.put(AuditAction.PROVIDER_UPDATE, PROVIDER_UPDATED);
        OF.put(AuditAction.PROVIDER_REVOKE, PROVIDER_REVOKED);
        OF.put(AuditAction.PROVIDER_ROLL, PROVIDER_ROLLED);
        OF.put(AuditAction.PROVIDER_EXPIRING, PROVIDER_EXPIRING);
        OF.put(AuditAction.PROVIDER_PUSH, SECRET_UPDATED);
        OF.put(AuditAction.PROVIDER_ROTATE, SECRET_ROTATED);
        OF.put(AuditAction.PROVIDER_WITHDRAW, SECRET_REVOKED);
        OF.put(AuditAction.DEVICE_REGISTER, DEVICE_CREATED);
        OF.put(AuditAction.DEVICE_UPDATE, DEVICE_UPDATED);
        OF.put(AuditAction.DEVICE_ASSIGN, DEVICE_UPDATED);
        OF.put(AuditAction.DEVICE_UNASSIGN, DEVICE_UPDATED);
        OF.put(AuditAction.DEVICE_REVOKE, DEVICE_REVOKED);
        ofPeople();
    }

    private static void ofPeople() {
        OF.put(AuditAction.INVITATION_ACCEPT, MEMBER_JOINED);
        OF.put(AuditAction.MEMBER_UPDATE, MEMBER_UPDATED);
        OF.put(AuditAction.ROLE_CHANGE, MEMBER_UPDATED);
        OF.put(AuditAction.MEMBER_DEACTIVATE, MEMBER_DEACTIVATED);
        OF.put(AuditAction.MEMBER_REMOVE, MEMBER_REMOVED);
        OF.put(AuditAction.MEMBER_LEAVE, MEMBER_LEFT);
        OF.put(AuditAction.MEMBER_TRANSFER, MEMBER_TRANSFERRED);
        OF.put(AuditAction.INVITATION_CREATE, INVITATION_CREATED);
        OF.put(AuditAction.INVITATION_WITHDRAW, INVITATION_WITHDRAWN);
        OF.put(AuditAction.INVITATION_DECLINE, INVITATION_DECLINED);
        OF.put(AuditAction.TEAM_CREATE, TEAM_CREATED);
        OF.put(AuditAction.TEAM_UPDATE, TEAM_UPDATED);
        OF.put(AuditAction.TEAM_ADD, TEAM_UPDATED);
        OF.put(AuditAction.TEAM_DROP, TEAM_UPDATED);
        OF.put(AuditAction.TEAM_DELETE, TEAM_DELETED);
        OF.put(AuditAction.POLICY_UPDATE, POLICY_UPDATED);
        OF.put(AuditAction.LEAK_FOUND, LEAK_FOUND);
        OF.put(AuditAction.LEAK_RESOLVE, LEAK_RESOLVED);
        OF.put(AuditAction.ORG_LOCK, ORG_LOCKED);
        OF.put(AuditAction.ORG_UNLOCK, ORG_UNLOCKED);
        OF.put(AuditAction.WEBHOOK_CREATE, WEBHOOK_CREATED);
        OF.put(AuditAction.WEBHOOK_UPDATE, WEBHOOK_UPDATED);
        OF.put(AuditAction.WEBHOOK_ROLL, WEBHOOK_UPDATED);
        OF.put(AuditAction.WEBHOOK_DELETE, WEBHOOK_DELETED);
    }

    /** What an action is told as; null when nobody is told of it. */
    static @Nullable EventType of(AuditAction action) {
        return OF.get(action);
    }

    /** The name on the wire, such as {@code secret.created}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
    }

    /** The type of a wire name, or null. */
    public static @Nullable EventType parse(String text) {
        for (EventType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        return null;
    }

    /** True for what somebody who may read a secret may know of it. */
    boolean isOfSecrets() {
        return name().startsWith("SECRET_");
    }
}
