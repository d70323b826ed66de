package com.fyvault.secrets;

import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A page of the list of secrets, by name. It is bounded by count and, in the database, by bytes: those
 * beyond are not even sent. A cursor is an id, because a name may be one that the token does not see.
 */
final class PostgresSecretPage {
    /** What a secret takes in an answer beside its texts: ids, times and the names of fields, twice. */
    private static final int FRAME_BYTES = 965;

    static final String LIST = "with page as (select " + PostgresSecretStore.COLUMNS + """
            , sum(%d + 2 * octet_length(s.injection_config::text) + coalesce(octet_length(s.description), 0))
                    over (order by s.name_key, s.secret_id rows unbounded preceding) as bytes,
                   row_number() over (order by s.name_key, s.secret_id) as place
            """.formatted(FRAME_BYTES)
            + PostgresSecretStore.FROM + """
             where s.org_id = $1 and s.project_id = $3
               and (s.deleted_at is not null) = $4
               and ($5 or v.current_version is not null)
               and ($6::text is null or position($6 in s.name_key) > 0)
               and ($7::text is null or s.secret_type = $7)
               and ($10::uuid[] is null or s.secret_id = any($10))
               and ($8::uuid is null or (s.name_key, s.secret_id) > (
                    select a.name_key, a.secret_id from secret a
                     where a.org_id = $1 and a.project_id = $3 and a.secret_id = $8))
             order by s.name_key, s.secret_id limit $9 + 1
            )
            select page.*, (select count(*) from page) as found
            """ + PostgresSecretStore.DEVICES.formatted("page", "$2")
            + """
              from page
             where page.place = 1 or (page.place <= $9 and page.bytes <= %d)
             order by page.place
            """.formatted(SecretStore.LARGEST_PAGE);

    private PostgresSecretPage() {}

    static Tuple parameters(Place place, SecretStore.Filter filter) {
        return Tuple.of(place.orgId(), place.environmentId(), place.projectId())
                .addBoolean(filter.deleted())
                .addBoolean(filter.everywhere() || filter.deleted())
                .addString(filter.search() == null ? null : Names.key(filter.search()))
                .addString(filter.secretType())
                .addUUID(filter.after())
                .addInteger(filter.most())
                .addArrayOfUUID(filter.only() == null ? null : filter.only().toArray(UUID[]::new));
    }

    static SecretStore.Listed listed(RowSet<Row> rows) {
        List<Secret> secrets = new ArrayList<>(rows.size());
        boolean more = false;
        for (Row row : rows) {
            secrets.add(PostgresSecretStore.secret(row));
            more = row.getLong("place") < row.getLong("found");
        }
        return new SecretStore.Listed(
                secrets, more ? secrets.get(secrets.size() - 1).id() : null);
    }
}
