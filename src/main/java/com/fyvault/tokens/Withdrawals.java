package com.fyvault.tokens;

import com.fyvault.nodes.Cut;
import com.fyvault.nodes.CutListener;
import com.fyvault.nodes.Nodes;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * What follows the commit of a change that takes authority away, before it is answered: when it is
 * done, nothing more is released on the authority as it was.
 *
 * <p>The commit alone already refuses every record that is written after it. What is left are
 * answers whose record was checked just before, on this node ({@link LocalWithdrawal}) and on the
 * others ({@link Nodes}).
 */
public final class Withdrawals {
    private final CutListener here;
    private final Nodes nodes;

    public Withdrawals(CutListener here, Nodes nodes) {
        this.here = here;
        this.nodes = nodes;
    }

    /** @param epoch the organization's auth_epoch as the change has set it */
    public Future<Void> settle(OrgState org, UUID credentialId, long epoch) {
        return settle(org.orgId(), credentialId, epoch);
    }

    /** The same for an organization that this node may not have met. */
    public Future<Void> settle(UUID orgId, UUID credentialId, long epoch) {
        Cut cut = new Cut(orgId, credentialId, epoch);
        return Future.all(here.cut(cut), nodes.passed(cut)).mapEmpty();
    }
}
