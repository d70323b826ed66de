package com.fyvault.webhooks;

/** Conditions on the row {@code w} of a webhook under which it is told of events, in SQL. */
final class ToldWebhooks {
    /**
     * Whether a webhook is told anything: one that was made with a token is silent once that, one that it descends from, or an owner
     * of theirs may not administer any more.
     */
    static final String HEARD = """
            (w.made_with is null or coalesce((
                with recursive chain as (
                    select c.parent_id, c.revoked_at, c.expires_at, c.owner_user_id, c.owner_team_id from credential c
                     where c.org_id = w.org_id and c.credential_id = w.made_with
                    union all
                    select c.parent_id, c.revoked_at, c.expires_at, c.owner_user_id, c.owner_team_id
                      from chain join credential c on c.org_id = w.org_id and c.credential_id = chain.parent_id)
                select bool_and(k.revoked_at is null and coalesce(k.expires_at > now(), true)
                                and (k.owner_user_id is null or coalesce(m.role in ('owner', 'admin'), false))
                                and (k.owner_team_id is null or coalesce(t.role = 'admin', false)))
                  from chain k
                  left join membership m on m.org_id = w.org_id and m.user_id = k.owner_user_id
                  left join team t on t.org_id = w.org_id and t.team_id = k.owner_team_id), false))
            """;
    /** Whether there is room for what a webhook is to be told: what is not written yet stands in the events. In the order of an index. */
    static final String ROOM = """
            not exists (select 1 from webhook_delivery d
                         where d.org_id = w.org_id and d.webhook_id = w.webhook_id and d.next_at is not null
                         order by d.next_at offset %d limit 1)
            """.formatted(DeliveryStore.MOST_WAITING - 1);

    private ToldWebhooks() {}
}
