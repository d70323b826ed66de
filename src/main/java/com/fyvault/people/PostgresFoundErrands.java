package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is good for one step of a person, in PostgreSQL, when it was found in public: by the hashes of the texts. */
public final class PostgresFoundErrands {
    // A mailed token stays, used up, for as long as it would have been good: whoever follows the link is told so.
    private static final String MAILED = """
            with found as materialized (
                select token_hash as hash, user_id, used_at is null and expires_at > clock_timestamp() as live
                  from mail_token where token_hash = any($1) order by token_hash for update
            ), used as (
                update mail_token m set used_at = clock_timestamp() from found f where m.token_hash = f.hash and f.live
            )
            select hash, user_id, live from found
            """;
    private static final String WAITING = """
            delete from pending_login where token_hash = any($1)
            returning token_hash as hash, user_id, expires_at > clock_timestamp() as live
            """;
    private static final String BROWSERS =
            "delete from known_browser where browser_hash = any($1) returning browser_hash as hash, user_id, true as live";

    /** What there is, and the statement that ends it. */
    private enum Kind {
        MAIL_TOKEN(MAILED),
        LOGIN_STEP(WAITING),
        BROWSER(BROWSERS);

        private final String statement;

        Kind(String statement) {
            this.statement = statement;
        }
    }

    /**
     * Something that was found.
     *
     * @param what its kind, as events name it
     * @param live whether it was good until now
     */
    record Errand(TokenHash hash, @Nullable UUID userId, String what, boolean live) {}

    /** Ends all of them that there are. */
    Future<List<Errand>> end(Transaction transaction, Set<TokenHash> hashes) {
        Buffer[] wanted =
                hashes.stream().map(hash -> Buffer.buffer(hash.toBytes())).toArray(Buffer[]::new);
        List<Errand> ended = new ArrayList<>();
        Future<Void> all = Future.succeededFuture();
        for (Kind kind : Kind.values()) {
            all = all.compose(before ->
                            transaction.query(kind.statement, Tuple.tuple().addArrayOfBuffer(wanted)))
                    .map(rows -> {
                        rows.forEach(row -> ended.add(errand(kind, row)));
                        return null;
                    });
        }
        return all.map(ended);
    }

    private static Errand errand(Kind kind, Row row) {
        return new Errand(
                TokenHash.of(row.getBuffer("hash").getBytes()),
                row.getUUID("user_id"),
                kind.name().toLowerCase(Locale.ROOT),
                row.getBoolean("live"));
    }
}
