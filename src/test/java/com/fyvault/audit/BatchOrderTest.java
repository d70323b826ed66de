package com.fyvault.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    private static final UUID ONE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("f0000000-0000-7000-8000-000000000001");

    @Test
    void whatBelongsTogetherIsOneRowAsItCame() {
        List<AuditRecord> came = List.of(at(ONE, 5), at(ONE, 3), at(ONE, 1_003));
        BatchOrder order = BatchOrder.of(came);
        assertThat(order.records()).isSameAs(came);
        assertThat(order.stretches()).containsExactly(new BatchOrder.Stretch(0, 3));
        assertThat(IntStream.range(0, 3).map(order::origin)).containsExactly(0, 1, 2);
    }

    @Test
    void eachOrganizationHasARowOfItsOwn() {
        List<AuditRecord> came = List.of(at(OTHER, 1), at(ONE, 2), at(OTHER, 3), at(ONE, 4));
        BatchOrder order = BatchOrder.of(came);
        assertThat(order.stretches()).containsExactly(new BatchOrder.Stretch(0, 2), new BatchOrder.Stretch(2, 4));
        for (BatchOrder.Stretch row : order.stretches()) {
            assertThat(order.records().subList(row.from(), row.to()).stream()
                            .map(AuditRecord::orgId)
                            .distinct())
                    .hasSize(1);
        }
        assertThat(IntStream.range(0, 4).mapToObj(i -> came.get(order.origin(i))))
                .isEqualTo(order.records());
    }

    @Test
    void idsMoreThanASecondApartAreInDifferentRows() {
        List<AuditRecord> came = List.of(at(ONE, 2_500), at(ONE, 0), at(ONE, 1_000), at(ONE, 1_001));
        BatchOrder order = BatchOrder.of(came);
        assertThat(order.stretches())
                .containsExactly(
                        new BatchOrder.Stretch(0, 2), new BatchOrder.Stretch(2, 3), new BatchOrder.Stretch(3, 4));
    }

    @Test
    void foldedOnesAreCheckedAndInNoRow() {
        List<AuditRecord> came =
                List.of(at(ONE, 1).fold(), at(ONE, 2), at(OTHER, 3).fold());
        BatchOrder order = BatchOrder.of(came);
        assertThat(order.records()).hasSize(3);
        assertThat(order.stretches()).containsExactly(new BatchOrder.Stretch(0, 1));
        assertThat(order.origin(0)).isEqualTo(1);
        assertThat(BatchOrder.of(List.of(at(ONE, 1).fold())).stretches()).isEmpty();
    }

    private static AuditRecord at(UUID org, long millis) {
        return new AuditRecord(new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L), AuditAction.SECRET_READ)
                .bySystem(org);
    }
}
