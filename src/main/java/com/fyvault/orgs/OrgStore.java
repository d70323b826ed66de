package com.fyvault.orgs;

import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where organizations are read. */
public interface OrgStore {
    /** The organization, or null when there is none. */
    Future<@Nullable Org> find(UUID orgId);
}
