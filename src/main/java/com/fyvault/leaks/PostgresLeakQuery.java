package com.fyvault.leaks;

import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What look-ups of leaks are asked by: over all organizations, or in a transaction of one. */
interface PostgresLeakQuery {
    Future<RowSet<Row>> query(String sql, Tuple parameters);

    /** Rows by what is looked for; none, and no statement, without anything to look for. */
    default Future<List<Row>> rows(String sql, Buffer[] wanted, @Nullable UUID own) {
        if (wanted.length == 0) {
            return Future.succeededFuture(List.of());
        }
        Tuple asked = Tuple.tuple().addArrayOfBuffer(wanted);
        return query(sql, own == null ? asked : asked.addUUID(own)).map(found -> {
            List<Row> rows = new ArrayList<>(found.size());
            found.forEach(rows::add);
            return rows;
        });
    }

    static Buffer[] bytes(Set<TokenHash> hashes) {
        return hashes.stream().map(hash -> Buffer.buffer(hash.toBytes())).toArray(Buffer[]::new);
    }

    static Buffer[] prints(Set<String> prints) {
        return prints.stream()
                .map(print -> Buffer.buffer(HexFormat.of().parseHex(print)))
                .toArray(Buffer[]::new);
    }
}
