package com.fyvault.environments;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where environments are managed.
 *
 * <p>Every change here first locks the project's row, so that a project's environments change one at
 * a time: its one default and its limit hold without more. A change of what a name or the default
 * means raises the version of each environment concerned, in the order of their ids: nodes that keep
 * names in memory hear of it by nothing else.
 */
public interface EnvironmentStore {
    /** A new environment. */
    record Draft(UUID id, String name, @Nullable String description) {}

    /**
     * What is to be changed; null leaves as it is.
     *
     * @param description an empty one takes the description away
     */
    record Edit(@Nullable String name, @Nullable String description) {}

    /** The project of a reference, for reading; refused with 404 when there is none. */
    Future<ProjectKey> project(PlaceStore.Reference reference);

    /** The same, its row locked until the transaction ends. */
    Future<ProjectKey> lockProject(Transaction transaction, PlaceStore.Reference reference);

    /** The project's environments in their order; those that can be undeleted, when so asked. */
    Future<List<Environment>> list(ProjectKey project, boolean deleted);

    /** The environment of a lower-case name or id; refused with 404 when there is none. */
    Future<Environment> find(ProjectKey project, String reference);

    /** The same in the transaction that changes it; the default one for null. */
    Future<Environment> find(Transaction transaction, ProjectKey project, @Nullable String reference);

    /** The deleted environment of an id, or the one last deleted of a name; refused when there is none, or none any more. */
    Future<Environment> findDeleted(Transaction transaction, ProjectKey project, String reference);

    /** Adds an environment after the others; refused when its name is taken or the project is full. */
    Future<Void> add(Transaction transaction, ProjectKey project, Draft draft);

    /** Adds development, staging and production, the default. */
    Future<Void> addStandard(Transaction transaction, ProjectKey project);

    Future<Void> edit(Transaction transaction, Environment environment, Edit edit);

    /** Hands the default from one to the other. */
    Future<Void> moveDefault(Transaction transaction, Environment from, Environment to);

    Future<Void> delete(Transaction transaction, Environment environment);

    Future<Void> undelete(Transaction transaction, Environment environment);

    /** Raises the version of every environment of a project whose own meaning has changed. */
    Future<Void> raiseAll(Transaction transaction, ProjectKey project);
}
