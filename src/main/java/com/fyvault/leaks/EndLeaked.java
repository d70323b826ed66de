package com.fyvault.leaks;

import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.handles.Handle;
import com.fyvault.handles.HandleStore;
import com.fyvault.leaks.LeakStore.Finding;
import com.fyvault.notices.Notice;
import com.fyvault.notices.NoticeStore;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends what was found of one organization, in one transaction under its row: tokens and handles are revoked, invitations withdrawn,
 * values and secrets that sign noted, each with a record and a notice the first time. When it is done, nothing more is released on any
 * of the tokens.
 */
final class EndLeaked {
    /** More tokens than this are cut off as the organization whole: what is in flight there is decided again. */
    private static final int MOST_CUTS = 16;

    private final Parts parts;
    private final Uuid7 ids;

    /** What it is made of. */
    record Parts(
            Database database,
            LeakStore store,
            HandleStore handles,
            AuditLog audit,
            NoticeStore notices,
            Withdrawals withdrawals) {}

    EndLeaked(Parts parts, Uuid7 ids) {
        this.parts = parts;
        this.ids = ids;
    }

    Future<Void> end(Origin origin, UUID orgId, List<Finding> findings) {
        return parts.database()
                .inTransaction(orgId, transaction -> within(transaction, origin, orgId, findings))
                .compose(ended -> settle(orgId, ended.cuts()));
    }

    /**
     * What was ended in a transaction.
     *
     * @param cuts to be settled once that is committed
     * @param tokens as they were before, by their ids
     */
    record Ended(Cuts cuts, Map<UUID, Credential> tokens) {}

    /** What has to be settled after the commit: what was decided on these before the epoch. */
    record Cuts(Collection<UUID> grounds, long epoch) {}

    Future<Ended> within(Transaction transaction, Origin origin, UUID orgId, List<Finding> findings) {
        Set<UUID> tokens = findings.stream()
                .map(Finding::token)
                .filter(Objects::nonNull)
                .map(LeakStore.Token::credentialId)
                .collect(Collectors.toCollection(TreeSet::new));
        return parts.store()
                .hold(transaction, orgId)
                .compose(held -> held == null
                        ? Future.succeededFuture(new Ended(new Cuts(List.of(), 0), Map.of()))
                        : new Work(origin, orgId, transaction, held).end(findings, tokens));
    }

    Future<Void> settle(UUID orgId, Cuts cuts) {
        List<Future<Void>> settled = cuts.grounds().stream()
                .map(id -> parts.withdrawals().settle(orgId, id, cuts.epoch()))
                .toList();
        return Future.all(settled).mapEmpty();
    }

    /** What is done within the transaction. */
    private final class Work {
        private final LeakLetter letter;
        private final UUID orgId;
        private final Transaction transaction;
        private final LeakStore.Held held;
        private final String reporter;

        Work(Origin origin, UUID orgId, Transaction transaction, LeakStore.Held held) {
            this.letter = new LeakLetter(origin, ids);
            this.orgId = orgId;
            this.transaction = transaction;
            this.held = held;
            this.reporter = origin.reporter();
        }

        Future<Ended> end(List<Finding> findings, Set<UUID> tokens) {
            return parts.store().credentials(transaction, orgId, tokens).compose(all -> {
                Map<UUID, Credential> found = new HashMap<>();
                all.forEach(one -> found.put(one.id(), one));
                // A key that was rolled since it was looked up lives on under a text that nobody has found.
                List<Finding> good =
                        findings.stream().filter(one -> stands(one, found)).toList();
                Set<UUID> ended = good.stream()
                        .map(Finding::token)
                        .filter(Objects::nonNull)
                        .map(LeakStore.Token::credentialId)
                        .collect(Collectors.toCollection(TreeSet::new));
                found.keySet().retainAll(ended);
                return withdrawn(good)
                        .compose(done -> revoked(found.values(), ended, done.cuts())
                                .compose(cuts -> parts.store()
                                        .note(transaction, orgId, done.findings(), reporter)
                                        .compose(fresh -> told(
                                                done.findings().stream()
                                                        .filter(one -> fresh.contains(one.id()))
                                                        .toList(),
                                                found))
                                        .map(told -> new Ended(cuts, found))));
            });
        }

        private static List<LeakStore.Item> items(List<Finding> findings, LeakStore.ItemKind kind) {
            return findings.stream()
                    .map(Finding::item)
                    .filter(Objects::nonNull)
                    .filter(item -> item.kind() == kind)
                    .distinct()
                    .toList();
        }

        /**
         * Items that were ended.
         *
         * @param findings as they stood at that moment: what was accepted or ended since it was looked up was not good until now,
         *     and what goes on under another text was not found
         */
        private record Done(Cuts cuts, List<Finding> findings) {}

        /** Withdraws invitations and ends handles: these, and the epoch that their end has made. */
        private Future<Done> withdrawn(List<Finding> findings) {
            Set<UUID> handles = items(findings, LeakStore.ItemKind.HANDLE).stream()
                    .map(LeakStore.Item::id)
                    .collect(Collectors.toCollection(TreeSet::new));
            return parts.store()
                    .withdrawInvitations(transaction, orgId, items(findings, LeakStore.ItemKind.INVITATION))
                    .compose(invitations -> (handles.isEmpty()
                                    ? Future.succeededFuture(List.<Handle>of())
                                    : parts.handles().hold(transaction, orgId, handles))
                            .compose(all -> {
                                Map<UUID, Boolean> good = new HashMap<>(invitations);
                                all.forEach(one -> good.put(one.id(), isGood(one)));
                                return ended(all)
                                        .map(epoch -> new Done(new Cuts(handles, epoch), asTheyStood(findings, good)));
                            }));
        }

        private boolean isGood(Handle handle) {
            return handle.revokedAt() == null && handle.expiresAt().isAfter(held.now());
        }

        private Future<Long> ended(List<Handle> handles) {
            List<Handle> live = handles.stream()
                    .filter(one -> one.revokedAt() == null)
                    .map(one -> one.withRevokedAt(held.now()))
                    .toList();
            return live.isEmpty()
                    ? Future.succeededFuture(held.epoch())
                    : parts.handles().revoke(transaction, orgId, live);
        }

        private static List<Finding> asTheyStood(List<Finding> findings, Map<UUID, Boolean> good) {
            List<Finding> all = new ArrayList<>(findings.size());
            for (Finding finding : findings) {
                LeakStore.@Nullable Item item = finding.item();
                @Nullable Boolean live = item == null ? null : good.get(item.id());
                if (item == null || !item.kind().isEnded()) {
                    all.add(finding);
                } else if (live != null) {
                    all.add(new Finding(finding.id(), finding.report(), item.withLive(live)));
                }
            }
            return all;
        }

        private boolean stands(Finding finding, Map<UUID, Credential> found) {
            LeakStore.@Nullable Token token = finding.token();
            @Nullable Credential now = token == null ? null : found.get(token.credentialId());
            return token == null || (now != null && now.hash().equals(token.hash()));
        }

        /** What was revoked before is settled as well: another report of it may not be through yet. */
        private Future<Cuts> revoked(Collection<Credential> credentials, Set<UUID> tokens, Cuts handles) {
            boolean whole = tokens.size() + handles.grounds().size() > MOST_CUTS;
            Set<UUID> grounds = whole ? Set.of(orgId) : new TreeSet<>(tokens);
            if (!whole) {
                grounds.addAll(handles.grounds());
            }
            List<Credential> live =
                    credentials.stream().filter(c -> c.revokedAt() == null).toList();
            boolean cut = !live.isEmpty() || (whole && handles.epoch() > held.epoch());
            if (!cut) {
                return Future.succeededFuture(new Cuts(grounds, whole ? held.wholeEpoch() : handles.epoch()));
            }
            LeakStore.Revocation revocation = new LeakStore.Revocation(orgId, live, held.now(), whole);
            return parts.store().revoke(transaction, revocation).map(epoch -> new Cuts(grounds, epoch));
        }

        private static Set<UUID> ids(Collection<Credential> credentials, Function<Credential, @Nullable UUID> part) {
            return credentials.stream().map(part).filter(Objects::nonNull).collect(Collectors.toSet());
        }

        private Future<Void> told(List<Finding> fresh, Map<UUID, Credential> byId) {
            if (fresh.isEmpty()) {
                return Future.succeededFuture();
            }
            Set<UUID> users = new HashSet<>(ids(byId.values(), Credential::ownerUserId));
            fresh.stream()
                    .map(Finding::item)
                    .filter(Objects::nonNull)
                    .map(item -> item.label().ownerId())
                    .filter(Objects::nonNull)
                    .forEach(users::add);
            LeakStore.Owners owners = new LeakStore.Owners(users, ids(byId.values(), Credential::ownerTeamId));
            return parts.store().people(transaction, orgId, owners).compose(people -> {
                List<AuditRecord> records = new ArrayList<>(fresh.size());
                List<Notice> notices = new ArrayList<>(fresh.size());
                for (Finding finding : fresh) {
                    @Nullable
                    Credential credential = finding.token() == null
                            ? null
                            : byId.get(finding.token().credentialId());
                    records.add(letter.record(orgId, finding, credential));
                    notices.add(letter.notice(held, people, finding, credential));
                }
                return parts.audit()
                        .appendEach(transaction, records)
                        .compose(written -> parts.notices().addAll(transaction, notices));
            });
        }
    }
}
