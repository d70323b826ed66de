package com.fyvault.notices;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where notices wait to be sent, and stay. */
public interface NoticeStore {
    /** A list is at most this long, the newest. */
    int MOST_LISTED = 1_000;

    /** Tries before a notice is only listed. */
    int MOST_ATTEMPTS = 10;

    /** A notice and what became of it. */
    record Kept(
            Notice notice,
            Instant createdAt,
            @Nullable Instant sentAt,
            int attempts,
            @Nullable String failure) {}

    Future<Void> add(Transaction transaction, Notice notice);

    /** Takes notices that are due, of any organization; nobody else gets them until a while later. */
    Future<List<Notice>> take(int most);

    Future<Void> sent(Notice notice);

    /** @param failure what kind of failure it was, without anybody's words */
    Future<Void> failed(Notice notice, String failure);

    Future<List<Kept>> list(UUID orgId);
}
