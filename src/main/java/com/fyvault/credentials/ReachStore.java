package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Where the projects and environments that a request names are looked up. */
public interface ReachStore {
    /** The most environments that the names of one request may stand for. */
    int MOST = 1_000;

    /** A live project that a reference names. */
    record Project(String reference, UUID projectId) {}

    /** A live environment that a reference names; a name may stand for one in each project. */
    record Environment(String reference, boolean byId, UUID environmentId, UUID projectId) {}

    /** What lower-case names and ids stand for; those that stand for nothing are left out. */
    Future<List<Project>> projects(Transaction transaction, UUID orgId, List<String> references);

    /** The same for environments, of all projects. */
    Future<List<Environment>> environments(Transaction transaction, UUID orgId, List<String> references);
}
