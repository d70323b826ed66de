package com.fyvault.people;

import com.fyvault.platform.postgres.Database;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import java.util.List;

/** Forgets what of people is long over. All may run on every node at once. */
public final class PostgresPeopleUpkeep implements PurgeRound {
    private static final String OLD = """
            delete from %1$s where ctid = any(array(
                select ctid from %1$s where %2$s < (select clock_timestamp()) - interval '%3$s'
                 order by %2$s limit 1000 for update skip locked))
            """;
    // Events stay. A login stays a month after its end, as session tokens do, so that one can look where one was.
    private static final List<String> EVERYTHING = List.of(
            OLD.formatted("mail_token", "expires_at", "1 day"),
            OLD.formatted("pending_login", "expires_at", "1 hour"),
            OLD.formatted("password_failure", "last_at", "1 day"),
            OLD.formatted("known_browser", "last_seen_at", "400 days"),
            // Whatever token is in it has expired by then.
            OLD.formatted("mail_outbox", "created_at", "2 days"),
            OLD.formatted("login_session", "expires_at", "30 days"));

    private final PostgresBatches batches;

    public PostgresPeopleUpkeep(Database database) {
        this.batches = new PostgresBatches(database::query);
    }

    @Override
    public Future<Integer> purge() {
        Future<Integer> gone = Future.succeededFuture(0);
        for (String old : EVERYTHING) {
            gone = gone.compose(before -> batches.delete(old).map(more -> before + more));
        }
        return gone;
    }
}
