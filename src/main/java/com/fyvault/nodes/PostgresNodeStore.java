package com.fyvault.nodes;

import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Nodes in PostgreSQL. They belong to the installation, so no statement here has an organization to name. */
public final class PostgresNodeStore implements NodeStore {
    private static final String BEAT = """
            insert into node (node_id) values ($1)
            on conflict (node_id) do update set seen_at = clock_timestamp()
            """;
    private static final String OTHERS = """
            select node_id from node
             where node_id <> $1 and seen_at > clock_timestamp() - make_interval(secs => $2)
             order by node_id
             limit %d
            """.formatted(MOST_SEEN);
    private static final String ALL = """
            select node_id, (extract(epoch from clock_timestamp() - seen_at) * 1000)::bigint as age from node
             where seen_at > clock_timestamp() - make_interval(secs => $1)
             order by node_id
             limit %d
            """.formatted(MOST_SEEN);
    private static final String SEEN =
            "select count(*)::int as seen from node where seen_at > clock_timestamp() - make_interval(secs => $1)";
    private static final String LEAVE = "delete from node where node_id = $1";
    private static final String FORGET =
            "delete from node where seen_at < clock_timestamp() - make_interval(secs => $1)";

    private final Database database;

    public PostgresNodeStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Void> beat(UUID nodeId) {
        return database.query(BEAT, Tuple.of(nodeId)).mapEmpty();
    }

    @Override
    public Future<List<UUID>> othersSeen(UUID nodeId, Duration within) {
        return database.query(OTHERS, Tuple.of(nodeId, seconds(within))).map(rows -> {
            List<UUID> others = new ArrayList<>();
            rows.forEach(row -> others.add(row.getUUID("node_id")));
            return others;
        });
    }

    @Override
    public Future<List<Seen>> all(Duration within) {
        return database.query(ALL, Tuple.of(seconds(within))).map(rows -> {
            List<Seen> all = new ArrayList<>();
            rows.forEach(row -> all.add(new Seen(row.getUUID("node_id"), row.getLong("age"))));
            return all;
        });
    }

    @Override
    public Future<Integer> seen(Duration within) {
        return database.query(SEEN, Tuple.of(seconds(within)))
                .map(rows -> rows.iterator().next().getInteger("seen"));
    }

    @Override
    public Future<Void> leave(UUID nodeId) {
        return database.query(LEAVE, Tuple.of(nodeId)).mapEmpty();
    }

    @Override
    public Future<Void> forget(Duration unseen) {
        return database.query(FORGET, Tuple.of(seconds(unseen))).mapEmpty();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
