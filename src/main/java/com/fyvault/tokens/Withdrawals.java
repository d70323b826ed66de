package com.fyvault.tokens;

import com.fyvault.nodes.Nodes;
import com.fyvault.platform.async.EventLoops;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows the commit of a change that takes authority away, before it is answered: when it is
 * done, nothing more is released on the authority as it was.
 *
 * <p>The commit alone already refuses every record that is written after it. What is left are
 * answers whose record was checked just before. On this node a tombstone stops those that have not
 * come to the release step, and a pass over the event loops waits for those that have. Other nodes
 * release nothing later than the release deadline, which is waited out when there are any.
 */
public final class Withdrawals {
    private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);

    private final Authority authority;
    private final Tombstones tombstones;
    private final EventLoops loops;
    private final Nodes nodes;

    public Withdrawals(Authority authority, Tombstones tombstones, EventLoops loops, Nodes nodes) {
        this.authority = authority;
        this.tombstones = tombstones;
        this.loops = loops;
        this.nodes = nodes;
    }

    /** @param epoch the organization's auth_epoch as the change has set it */
    public Future<Void> settle(OrgState org, UUID credentialId, long epoch) {
        tombstones.bury(credentialId, epoch);
        Future<Void> forgotten = authority.refresh(org).recover(away -> {
            // Only costs time: what is cached is refused by the next commit, which then refreshes again.
            LOG.atWarn().addKeyValue("cause", StoreFailure.describe(away)).log("not refreshed after a change");
            return Future.succeededFuture();
        });
        return Future.all(forgotten, loops.passed(), nodes.passed()).mapEmpty();
    }
}
