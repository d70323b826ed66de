package com.fyvault.projects;

import com.fyvault.environments.ProjectKey;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where projects are managed.
 *
 * <p>The row of the default project, which is always there, is the lock on an organization's list of
 * projects: {@link #lock} takes it, and then the row of the project that is to be changed. A change
 * of what a project's name means raises the version of all its environments.
 */
public interface ProjectStore {
    /** An organization may have this many projects; lists have no pages. */
    int MOST_PROJECTS = 1_000;

    /** A new project. */
    record Draft(UUID orgId, UUID id, String name, @Nullable String description) {
        public ProjectKey key() {
            return new ProjectKey(orgId, id);
        }
    }

    /**
     * What is to be changed; null leaves as it is.
     *
     * @param description an empty one takes the description away
     */
    record Edit(@Nullable String name, @Nullable String description) {}

    /** Environments of all projects that a list shows. */
    int MOST_STAGES = 10_000;

    /** An environment as the list of vaults shows it. */
    record Stage(UUID projectId, UUID id, String name, boolean isDefault) {}

    /** A project by its lower-case name or its id. */
    record Reference(UUID orgId, String text) {}

    /** The organization's projects, the default one first and then by name; those that can be undeleted, when so asked. */
    Future<List<Project>> list(UUID orgId, boolean deleted);

    /** The environments of all projects that there are, project by project. */
    Future<List<Stage>> stages(UUID orgId);

    /** The project; refused with 404 when there is none. */
    Future<Project> find(Reference reference);

    /** The same in a transaction. */
    Future<Project> find(Transaction transaction, Reference reference);

    /** Locks the organization's list of projects until the transaction ends. */
    Future<Void> lockList(Transaction transaction, UUID orgId);

    /** The project with its row locked; the list is to be locked before. */
    Future<Project> lock(Transaction transaction, Reference reference);

    /** The deleted project of an id, or the one last deleted of a name, locked; refused when there is none, or none any more. */
    Future<Project> lockDeleted(Transaction transaction, Reference reference);

    /** Adds the default project of a new organization, with its environments. */
    Future<Void> addDefault(Transaction transaction, Draft draft);

    /** Adds a project with its environments; refused when its name is taken or the organization is full. */
    Future<Void> add(Transaction transaction, Draft draft);

    Future<Void> edit(Transaction transaction, Project project, Edit edit);

    Future<Void> delete(Transaction transaction, Project project);

    Future<Void> undelete(Transaction transaction, Project project);
}
