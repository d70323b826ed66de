package com.fyvault.notices;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where notices wait to be sent, and stay. */
public interface NoticeStore {
    /** A list is at most this long, the newest. */
    int MOST_LISTED = 1_000;

    /** Tries before a notice is only listed. */
    int MOST_ATTEMPTS = 10;

    /** What became of a notice on a channel. */
    record Tries(
            @Nullable Instant sentAt,
            int attempts,
            @Nullable String failure) {}

    /** A notice and what became of it. */
    record Kept(Notice notice, Tries mail, Tries webhook) {}

    Future<Void> add(Transaction transaction, Notice notice);

    /** Many notices of one organization in one statement. */
    Future<Void> addAll(Transaction transaction, List<Notice> notices);

    /** Takes a notice that is due on the channel, of any organization; nobody else gets it until a while later. */
    Future<Optional<Notice>> take(Channel channel);

    Future<Void> sent(Channel channel, Notice notice);

    /** @param failure what kind of failure it was, without anybody's words */
    Future<Void> failed(Channel channel, Notice notice, String failure);

    Future<List<Kept>> list(UUID orgId);
}
