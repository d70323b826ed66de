package com.fyvault.federation;

import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trust rules in PostgreSQL. Each row is sealed together with its credential's token hash. */
public final class PostgresTrustRuleStore implements TrustRuleStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTrustRuleStore.class);
    private static final int DEEPEST = PostgresCredentialStore.DEEPEST;
    private static final int MOST_CANDIDATES = 1_000;

    private static final String OWN =
            "rule_id, issuer_type, issuer, audience, conditions, jwks_url, jwks, single_use, ttl_seconds, rule_seal";
    private static final String ADD = """
            insert into trust_rule (org_id, %s) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """.formatted(OWN);
    private static final String CHANGE = """
            update trust_rule
               set issuer_type = $3, issuer = $4, audience = $5, conditions = $6, jwks_url = $7, jwks = $8,
                   single_use = $9, ttl_seconds = $10, rule_seal = $11
             where org_id = $1 and rule_id = $2
            """;
    private static final String COUNT = """
            select count(*) as taken
              from (select 1 from credential where org_id = $1 and kind = 'FEDERATION' and revoked_at is null
                     limit $2) rules
            """;
    private static final String FIND = "select " + OWN + " from trust_rule where org_id = $1 and rule_id = $2";
    private static final String NOW = "select " + micros();
    private static final String LISTED =
            "select " + PostgresCredentialStore.COLUMNS + ", " + OWN + """
            , line.ancestors,
                   c.revoked_at is null and coalesce(c.expires_at > clock_timestamp(), true) and line.upheld as active
              from credential c
              join (select org_id as rule_org, %1$s from trust_rule where org_id = $1) r
                on r.rule_org = c.org_id and r.rule_id = c.credential_id
              cross join lateral (
                with recursive up as (
                    select a.*, 1 as depth from credential a
                     where a.org_id = c.org_id and a.credential_id = c.parent_id
                    union all
                    select a.*, up.depth + 1 from credential a
                      join up on a.org_id = up.org_id and a.credential_id = up.parent_id
                     where up.depth < %2$d
                )
                select coalesce(array_agg(up.credential_id order by up.depth), '{}') as ancestors,
                       coalesce(bool_and(up.revoked_at is null
                                         and coalesce(up.expires_at > clock_timestamp(), true)), true) as upheld
                  from up
              ) line
             where c.org_id = $1 and c.kind = 'FEDERATION'
            """.formatted(OWN, DEEPEST);
    private static final String ONE = LISTED + " and c.credential_id = $2";
    private static final String PAGE = LISTED + """
               and ($2::uuid is null or c.credential_id = $2 or $2 = any(line.ancestors))
               and ($3::uuid is null or c.credential_id < $3)
               and ($5 or (c.revoked_at is null and line.upheld))
             order by c.credential_id desc limit $4
            """;
    private static final String CANDIDATES =
            """
            with found as (
                select %1$s, %2$s
                  from credential c
                  join (select org_id as rule_org, %2$s from trust_rule where org_id = $1 and issuer = $2) r
                    on r.rule_org = c.org_id and r.rule_id = c.credential_id
                 where c.org_id = $1 and c.kind = 'FEDERATION' and c.revoked_at is null
                   and coalesce(c.expires_at > clock_timestamp(), true)
                 order by c.credential_id limit %3$d
            )
            select o.known_org, %4$s, found.*
              from (select org_id as known_org from org where org_id = $1 and deleted_at is null) o
              left join found on true
             order by found.rule_id
            """.formatted(PostgresCredentialStore.COLUMNS, OWN, MOST_CANDIDATES, micros());
    private static final String USE = """
            insert into used_identity (org_id, identity, expires_at) values ($1, $2, $3) on conflict do nothing
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresTrustRuleStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Void> add(Transaction transaction, TrustRule rule) {
        return transaction.query(ADD, values(rule)).mapEmpty();
    }

    @Override
    public Future<Void> change(Transaction transaction, TrustRule rule) {
        return transaction.query(CHANGE, values(rule)).mapEmpty();
    }

    @Override
    public Future<Long> count(Transaction transaction, UUID orgId, int most) {
        return transaction
                .query(COUNT, Tuple.of(orgId, most))
                .map(rows -> rows.iterator().next().getLong("taken"));
    }

    @Override
    public Future<@Nullable TrustRule> find(Transaction transaction, Credential credential) {
        return transaction
                .query(FIND, Tuple.of(credential.orgId(), credential.id()))
                .map(rows -> rows.size() == 0 ? null : rule(rows.iterator().next(), credential));
    }

    @Override
    public Future<Instant> now(Transaction transaction) {
        return transaction
                .query(NOW, Tuple.tuple())
                .map(rows -> instant(rows.iterator().next()));
    }

    @Override
    public Future<@Nullable Listed> find(UUID orgId, UUID id) {
        return database.query(orgId, ONE, Tuple.of(orgId, id))
                .map(rows -> rows.size() == 0 ? null : listed(rows.iterator().next()));
    }

    @Override
    public Future<List<Listed>> list(KeyStore.Page page) {
        Tuple values = Tuple.of(page.orgId(), page.below(), page.after(), page.limit(), page.revoked());
        return database.query(page.orgId(), PAGE, values).map(rows -> {
            List<Listed> all = new ArrayList<>(rows.size());
            rows.forEach(row -> all.add(listed(row)));
            return all;
        });
    }

    @Override
    public Future<Candidates> candidates(UUID orgId, String issuer) {
        return database.query(orgId, CANDIDATES, Tuple.of(orgId, issuer)).map(rows -> {
            List<TrustRule> rules = new ArrayList<>();
            Instant now = Instant.EPOCH;
            for (Row row : rows) {
                now = instant(row);
                if (row.getUUID("rule_id") != null) {
                    rules.add(rule(row, PostgresCredentialStore.verified(row, seals)));
                }
            }
            return new Candidates(rows.size() > 0, now, rules);
        });
    }

    @Override
    public Future<Boolean> use(Transaction transaction, UUID orgId, byte[] identity, Instant until) {
        Tuple values = Tuple.of(orgId, Buffer.buffer(identity), until.atOffset(ZoneOffset.UTC));
        return transaction.query(USE, values).map(rows -> rows.rowCount() == 1);
    }

    private Listed listed(Row row) {
        Credential credential = PostgresCredentialStore.verified(row, seals);
        return new Listed(
                rule(row, credential),
                new KeyStore.Standing(credential, List.of(row.getArrayOfUUIDs("ancestors")), row.getBoolean("active")));
    }

    /** Reads the rule's own columns; refuses them, with an alarm, when their seal does not fit. */
    private TrustRule rule(Row row, Credential credential) {
        Columns columns = Columns.of(row);
        if (!sealOf(credential, columns).verify(row.getBuffer("rule_seal").getBytes())) {
            LOG.atError()
                    .addKeyValue("orgId", credential.orgId())
                    .addKeyValue("ruleId", credential.id())
                    .log("alarm: trust rule row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return new TrustRule(
                credential,
                IssuerType.valueOf(columns.type()),
                columns.issuer(),
                columns.audience(),
                Conditions.parse(columns.conditions()),
                columns.jwksUrl(),
                columns.jwks(),
                columns.singleUse(),
                columns.ttlSeconds());
    }

    private RowSeal.Row sealOf(Credential credential, Columns columns) {
        return seals.fields("trust-rule.1")
                .add(credential.orgId())
                .add(credential.id())
                .add(credential.hash().toBytes())
                .add(columns.type())
                .add(columns.issuer())
                .add(columns.audience())
                .add(columns.conditions())
                .add(columns.jwksUrl())
                .add(columns.jwks())
                .add(columns.singleUse())
                .add((long) columns.ttlSeconds());
    }

    private Tuple values(TrustRule rule) {
        Columns columns = Columns.of(rule);
        return Tuple.tuple()
                .addUUID(rule.credential().orgId())
                .addUUID(rule.credential().id())
                .addString(columns.type())
                .addString(columns.issuer())
                .addString(columns.audience())
                .addString(columns.conditions())
                .addString(columns.jwksUrl())
                .addString(columns.jwks())
                .addBoolean(columns.singleUse())
                .addInteger(columns.ttlSeconds())
                .addBuffer(Buffer.buffer(sealOf(rule.credential(), columns).seal()));
    }

    /** The columns as they stand, before anything in them is believed. */
    private record Columns(
            String type,
            String issuer,
            String audience,
            String conditions,
            @Nullable String jwksUrl,
            @Nullable String jwks,
            boolean singleUse,
            int ttlSeconds) {
        static Columns of(Row row) {
            return new Columns(
                    row.getString("issuer_type"),
                    row.getString("issuer"),
                    row.getString("audience"),
                    row.getString("conditions"),
                    row.getString("jwks_url"),
                    row.getString("jwks"),
                    row.getBoolean("single_use"),
                    row.getInteger("ttl_seconds"));
        }

        static Columns of(TrustRule rule) {
            return new Columns(
                    rule.type().name(),
                    rule.issuer(),
                    rule.audience(),
                    rule.conditions().toJson().encode(),
                    rule.jwksUrl(),
                    rule.jwks(),
                    rule.singleUse(),
                    rule.ttlSeconds());
        }
    }

    private static String micros() {
        return "(extract(epoch from clock_timestamp()) * 1000000)::bigint as micros";
    }

    private static Instant instant(Row row) {
        return Instant.EPOCH.plus(Objects.requireNonNull(row.getLong("micros")), ChronoUnit.MICROS);
    }
}
