package com.fyvault.audit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was done. The code is what is stored: it never changes and is never reused. */
public enum AuditAction {
    SECRET_READ(1),
    SECRET_READ_BULK(2),
    SECRET_LIST(3),
    SECRET_VIEW(4),
    SECRET_CREATE(5),
    SECRET_UPDATE(6),
    SECRET_ROTATE(7),
    SECRET_ROLLBACK(8),
    SECRET_DELETE(9),
    SECRET_UNDELETE(10),
    SECRET_PURGE(11),
    SECRET_VERSIONS(12),
    SECRET_TRAIL(13),

    ENVIRONMENT_LIST(20),
    ENVIRONMENT_VIEW(21),
    ENVIRONMENT_CREATE(22),
    ENVIRONMENT_UPDATE(23),
    ENVIRONMENT_DELETE(24),
    ENVIRONMENT_SET_DEFAULT(25),
    ENVIRONMENT_UNDELETE(26),
    ENVIRONMENT_PURGE(27),

    PROJECT_LIST(30),
    PROJECT_VIEW(31),
    PROJECT_CREATE(32),
    PROJECT_UPDATE(33),
    PROJECT_DELETE(34),
    PROJECT_UNDELETE(35),
    PROJECT_PURGE(36),

    KEY_LIST(40),
    KEY_VIEW(41),
    KEY_CREATE(42),
    KEY_UPDATE(43),
    KEY_REVOKE(44),
    KEY_ROLL(45),
    SESSION_MINT(46),
    SESSION_REVOKE(47),
    SESSION_LIST(48),
    SESSION_PURGE(49),

    AGENT_LIST(80),
    AGENT_CREATE(81),
    AGENT_REVOKE(82),
    BREAKGLASS_LIST(83),
    BREAKGLASS_OPEN(84),
    BREAKGLASS_REVOKE(85),
    NOTICE_LIST(86),
    HANDLE_MINT(87),
    HANDLE_REVOKE(88),
    /** A text that a client had looked through for secrets. */
    TEXT_SCAN(90),
    RULE_LIST(100),
    RULE_VIEW(101),
    RULE_CREATE(102),
    RULE_UPDATE(103),
    RULE_REVOKE(104),
    /** An identity token of another issuer for a session token. */
    IDENTITY_EXCHANGE(105),
    PROVIDER_LIST(110),
    PROVIDER_VIEW(111),
    PROVIDER_CREATE(112),
    PROVIDER_UPDATE(113),
    PROVIDER_REVOKE(114),
    /** What providers do themselves. */
    PROVIDER_PUSH(115),
    PROVIDER_PUSH_BATCH(116),
    PROVIDER_ROTATE(117),
    PROVIDER_WITHDRAW(118),
    PROVIDER_ROLL(119),
    PROVIDER_EXPIRING(127),
    /** A person lets a provider in; whoever has the code then makes it. */
    CONNECT_APPROVE(128),
    CONNECT_EXCHANGE(129),
    DEVICE_LIST(120),
    DEVICE_VIEW(121),
    DEVICE_REGISTER(122),
    DEVICE_UPDATE(123),
    DEVICE_REVOKE(124),
    DEVICE_ASSIGN(125),
    DEVICE_UNASSIGN(126),

    /** A person's login enters the organization; later ones of the same login are not told. */
    LOGIN_BEGIN(70),
    LOGIN_END(71),
    /** What people do with their accounts, which stands in no organization's trail. */
    LOGIN_ACCOUNT(72),

    ORG_VIEW(60),
    ORG_CREATE(61),
    AUDIT_READ(62),
    ORG_LOCK(64),
    ORG_UNLOCK(65),
    ROLE_CHANGE(66),
    MEMBER_LIST(130),
    MEMBER_VIEW(131),
    MEMBER_UPDATE(132),
    MEMBER_DEACTIVATE(133),
    MEMBER_REMOVE(134),
    MEMBER_TRANSFER(135),
    /** By themselves. */
    MEMBER_LEAVE(154),
    INVITATION_LIST(136),
    INVITATION_CREATE(137),
    INVITATION_RESEND(138),
    INVITATION_WITHDRAW(139),
    INVITATION_ACCEPT(140),
    INVITATION_DECLINE(141),
    TEAM_LIST(142),
    TEAM_VIEW(143),
    TEAM_CREATE(144),
    TEAM_UPDATE(145),
    TEAM_DELETE(146),
    TEAM_ADD(147),
    TEAM_DROP(148),
    POLICY_VIEW(149),
    POLICY_UPDATE(150),
    /** A token or a stored value of the organization was found in public. */
    LEAK_FOUND(180),
    LEAK_VIEW(182),
    LEAK_RESOLVE(183),
    /** Fingerprints of values that were written without one. */
    SECRET_FINGERPRINT(184),
    /** A scanner of the organization itself asked whether what it found is of the organization. */
    LEAK_SIGHTINGS(185),
    ACTIVITY_VIEW(151),
    EVENT_STREAM(170),
    WEBHOOK_LIST(171),
    WEBHOOK_VIEW(172),
    WEBHOOK_CREATE(173),
    WEBHOOK_UPDATE(174),
    WEBHOOK_DELETE(175),
    WEBHOOK_TEST(176),
    WEBHOOK_REPLAY(177),
    WEBHOOK_ROLL(178),
    WEBHOOK_DELIVERIES(179),
    OVERVIEW_VIEW(152),
    ADVICE_VIEW(181),
    /** A request refused before its action was known. */
    REQUEST(63);

    private static final AuditAction[] BY_CODE = new AuditAction[256];

    static {
        for (AuditAction action : values()) {
            BY_CODE[action.code] = action;
        }
    }

    private final short code;

    AuditAction(int code) {
        this.code = (short) code;
    }

    public short code() {
        return code;
    }

    /** The name on the wire, such as {@code secret.read}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
    }

    /** The action of a stored code. */
    public static AuditAction of(int code) {
        return BY_CODE[code];
    }

    /** The action of a wire name, or null. */
    public static @Nullable AuditAction parse(String text) {
        for (AuditAction action : values()) {
            if (action.text().equals(text)) {
                return action;
            }
        }
        return null;
    }
}
