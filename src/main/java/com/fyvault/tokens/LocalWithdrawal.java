package com.fyvault.tokens;

import com.fyvault.nodes.Cut;
import com.fyvault.nodes.CutListener;
import com.fyvault.platform.async.EventLoops;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cut on this node. A tombstone stops the answers that have not come to the release step, and a pass
 * over the event loops waits for those that have.
 */
public final class LocalWithdrawal implements CutListener {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWithdrawal.class);

    private final Authority authority;
    private final Tombstones tombstones;
    private final EventLoops loops;

    public LocalWithdrawal(Authority authority, Tombstones tombstones, EventLoops loops) {
        this.authority = authority;
        this.tombstones = tombstones;
        this.loops = loops;
    }

    @Override
    public Future<Void> cut(Cut cut) {
        tombstones.bury(cut.orgId(), cut.credentialId(), cut.epoch());
        @Nullable OrgState org = authority.org(cut.orgId());
        if (org != null) {
            // Nobody waits for it: what is cached is refused by the next commit, which then refreshes again.
            authority
                    .refresh(org)
                    .onFailure(away -> LOG.atWarn()
                            .addKeyValue("cause", StoreFailure.describe(away))
                            .log("not refreshed after a change"));
        }
        return loops.passed();
    }
}
