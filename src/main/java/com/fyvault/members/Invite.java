package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.crypto.Uuid7;
import com.fyvault.guesses.CountInvitation;
import com.fyvault.people.Email;
import com.fyvault.people.MailOutbox;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Invitations, as those see them who invite. Whether there is an account of the address is never looked at: who is invited
 * twice gets the second one only, and who is a member already is on the list of members.
 */
final class Invite {
    private static final Duration LIFE = Duration.ofDays(7);
    private static final int MOST_LISTED = 500;
    private static final int MOST_TEAMS = 20;
    private static final int LONGEST_ID = 64;
    private static final Set<String> FIELDS = Set.of("email", "role", "projects", "assignedOnly", "teams");

    private final Parts parts;
    private final Grants grants;

    /** What invitations are made with. */
    record Parts(
            InvitationStore store,
            TeamStore teams,
            MailOutbox outbox,
            CountInvitation mails,
            InvitationLetter letter,
            Uuid7 ids,
            SecureRandom random) {}

    Invite(Parts parts, Grants grants) {
        this.parts = parts;
        this.grants = grants;
    }

    Future<Answer> list(Call call) {
        int limit = call.limit(MOST_LISTED);
        return parts.store().list(call.orgId(), call.cursor(), limit).map(open -> {
            call.record().detail("count", open.size());
            boolean more = open.size() == limit;
            return Answer.ok(new JsonArray(open.stream().map(Invitation::toJson).toList()))
                    .withNextCursor(more ? open.get(open.size() - 1).id().toString() : null);
        });
    }

    Future<Answer> invite(Call call, Transaction transaction) {
        Authorisation.check(call);
        call.body().refuseAllBut(FIELDS);
        Email email = Email.in(call.body(), "email");
        @Nullable Role named = Grants.role(call.body());
        Role role = named == null ? Role.MEMBER : named;
        Authorisation.check(call, role);
        Invitation.By by = by(call);
        return Authorisation.checkGiven(call, transaction, Role.NONE, role)
                .compose(may -> grants.resolve(transaction, call.orgId(), call.body(), usual(call.body(), role)))
                .compose(grant -> teams(call, transaction)
                        .compose(teams -> parts.store()
                                .replace(transaction, call.orgId(), email.key())
                                .compose(room -> {
                                    checkRoom(room);
                                    String token = TokenFormat.draw(Invitation.PREFIX, parts.random());
                                    Invitation made = new Invitation(
                                            call.orgId(),
                                            parts.ids().next(),
                                            TokenFormat.hash(token),
                                            email.key(),
                                            email.mailbox(),
                                            grant,
                                            teams,
                                            by.userId(),
                                            by.token(),
                                            room.now(),
                                            room.now().plus(LIFE));
                                    call.record()
                                            .detail("invitation_id", made.id().toString())
                                            .detail("role", grant.role().text());
                                    return parts.store()
                                            .add(transaction, made)
                                            .compose(added -> mail(transaction, made, room.orgName(), token))
                                            .map(sent -> Answer.created(made.toJson()));
                                })));
    }

    /** Another mail with another token; the one before is dead. */
    Future<Answer> resend(Call call, Transaction transaction) {
        call.body().refuseAllBut(Set.of());
        Invitation.By by = by(call);
        return open(call, transaction)
                .compose(open -> given(call, transaction, open))
                .compose(open -> {
                    String token = TokenFormat.draw(Invitation.PREFIX, parts.random());
                    Invitation renewed = open.invitation()
                            .renewed(TokenFormat.hash(token), by, open.now().plus(LIFE));
                    return parts.store()
                            .renew(transaction, renewed)
                            .compose(written -> mail(transaction, renewed, open.orgName(), token))
                            .map(sent -> Answer.ok(renewed.toJson()));
                });
    }

    Future<Answer> withdraw(Call call, Transaction transaction) {
        return open(call, transaction)
                .compose(open -> parts.store().end(transaction, open.invitation(), InvitationStore.End.WITHDRAWN))
                .map(ended -> {
                    if (!ended) {
                        throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
                    }
                    return Answer.done();
                });
    }

    /** So often: the mailbox is somebody's who has not asked for it. */
    private Future<Void> mail(Transaction transaction, Invitation invitation, String orgName, String token) {
        return parts.mails()
                .count(transaction, invitation.orgId(), invitation.email())
                .compose(room -> parts.outbox().send(transaction, parts.letter().of(invitation, orgName, token)));
    }

    private Future<InvitationStore.Open> open(Call call, Transaction transaction) {
        Authorisation.check(call);
        UUID id = call.id("invitation", ErrorCode.INVITATION_NOT_FOUND);
        call.record().detail("invitation_id", id.toString());
        return parts.store().find(transaction, call.orgId(), id).map(found -> {
            if (found == null) {
                throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
            }
            Authorisation.check(call, found.invitation().grant().role());
            return found;
        });
    }

    /** Members and viewers see what is assigned to them, unless the body says otherwise; developers all, unless it names some. */
    private static Grants.Grant usual(Fields body, Role role) {
        boolean assigned =
                role == Role.MEMBER || role == Role.VIEWER || (role == Role.DEVELOPER && body.has("projects"));
        return new Grants.Grant(role, new ProjectRoles(assigned, Map.of()));
    }

    /**
     * An invitation is good while who invited could still do so, and a team that is gone cannot be asked. A session is over long
     * before the invitation: what counts is the key that it was minted from.
     */
    private static Invitation.By by(Call call) {
        @Nullable UUID person = call.decision().credential().ownerUserId();
        if (person == null) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED, "A team's key invites nobody; a person does");
        }
        @Nullable
        TokenHash key = call.decision().chain().stream()
                .filter(link -> link.kind() == TokenKind.API_KEY)
                .map(Credential::hash)
                .findFirst()
                .orElse(null);
        return new Invitation.By(person, key);
    }

    /** To send it again is to give the role again. */
    private static Future<InvitationStore.Open> given(Call call, Transaction transaction, InvitationStore.Open open) {
        Role role = open.invitation().grant().role();
        return Authorisation.checkGiven(call, transaction, Role.NONE, role).map(open);
    }

    private static void checkRoom(InvitationStore.Room room) {
        if (room.isMember()) {
            throw Refusal.of(ErrorCode.MEMBER_EXISTS);
        }
        if (room.open() >= InvitationStore.MOST_OPEN) {
            throw Refusal.of(
                    ErrorCode.LIMIT_REACHED, "At most " + InvitationStore.MOST_OPEN + " invitations are open at once");
        }
    }

    private Future<List<UUID>> teams(Call call, Transaction transaction) {
        @Nullable List<String> texts = call.body().optionalTexts("teams", MOST_TEAMS, LONGEST_ID);
        Future<List<UUID>> found = Future.succeededFuture(new ArrayList<>());
        for (String text : texts == null ? Set.<String>of() : new HashSet<>(texts)) {
            @Nullable UUID id = Ids.parse(text);
            if (id == null) {
                throw Refusal.of(ErrorCode.TEAM_NOT_FOUND);
            }
            found = found.compose(ids -> parts.teams()
                    .hold(transaction, call.orgId(), id)
                    .map(team -> {
                        if (team == null) {
                            throw Refusal.of(ErrorCode.TEAM_NOT_FOUND);
                        }
                        ids.add(Objects.requireNonNull(id));
                        return ids;
                    }));
        }
        return found;
    }
}
