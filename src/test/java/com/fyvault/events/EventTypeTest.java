package com.fyvault.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.AuditAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is told, and what is not. */
class EventTypeTest {
    /** Changes that nobody is told of: made by the thousand, or gone long before, or of nobody's concern. */
    private static final Set<AuditAction> UNTOLD = EnumSet.of(
            AuditAction.SECRET_PURGE,
            AuditAction.ENVIRONMENT_PURGE,
            AuditAction.PROJECT_PURGE,
            AuditAction.SESSION_MINT,
            AuditAction.SESSION_PURGE,
            AuditAction.IDENTITY_EXCHANGE,
            AuditAction.HANDLE_MINT,
            AuditAction.HANDLE_REVOKE,
            AuditAction.LOGIN_BEGIN,
            AuditAction.LOGIN_END,
            AuditAction.LOGIN_ACCOUNT,
            AuditAction.ORG_CREATE,
            AuditAction.INVITATION_RESEND,
            AuditAction.WEBHOOK_TEST,
            AuditAction.WEBHOOK_REPLAY,
            AuditAction.EVENT_STREAM,
            AuditAction.PROVIDER_PUSH_BATCH,
            AuditAction.CONNECT_APPROVE,
            AuditAction.TEXT_SCAN,
            AuditAction.SECRET_FINGERPRINT,
            AuditAction.LEAK_SIGHTINGS,
            AuditAction.REQUEST);

    private static final Set<String> LOOKS =
            Set.of("list", "view", "read", "read_bulk", "versions", "deliveries", "trail");

    /** Whoever adds an action says whether somebody is told of it. */
    @Test
    void everyChangeIsToldOrSaidToBeUntold() {
        Set<AuditAction> silent = Arrays.stream(AuditAction.values())
                .filter(action -> EventType.of(action) == null)
                .filter(action -> !action.text().contains(".")
                        || !LOOKS.contains(action.text().split("\\.", 2)[1]))
                .collect(Collectors.toSet());
        assertThat(silent).isEqualTo(UNTOLD);
    }

    @Test
    void aNameIsReadAsItIsWritten() {
        for (EventType type : EventType.values()) {
            assertThat(EventType.parse(type.text())).isEqualTo(type);
        }
        assertThat(EventType.SECRET_ROLLED_BACK.text()).isEqualTo("secret.rolled_back");
        assertThat(EventType.parse("SECRET_CREATED")).isNull();
    }

    @Test
    void everyTypeIsDocumented() throws IOException {
        String text = Files.readString(Path.of("docs/EVENTS.md"));
        for (EventType type : EventType.values()) {
            assertThat(text).contains("| `" + type.text() + "` |");
        }
    }

    @Test
    void aPositionIsReadAsItIsWrittenAndNothingElseIs() {
        Position position = new Position(1234567890123L, UUID.fromString("0192f0c1-2b3c-7d4e-8f50-617283940a1b"));
        assertThat(Position.parse(position.text())).isEqualTo(position);
        assertThat(position.text()).hasSize(32);
        for (String wrong : new String[] {"", "x", position.text() + "A", "!".repeat(32), "_".repeat(32)}) {
            assertThat(Position.parse(wrong)).as(wrong).isNull();
        }
    }

    @Test
    void positionsAreInTheOrderOfPostgres() {
        Position early = new Position(5, new UUID(1, 2));
        Position high = new Position(5, new UUID(-1, 2));
        Position late = new Position(6, new UUID(0, 0));
        assertThat(early).isLessThan(high);
        assertThat(high).isLessThan(late);
        assertThat(Position.before(6, Instant.EPOCH)).isLessThan(late).isGreaterThan(early);
    }
}
