package com.fyvault.providers;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.audit.AuditRecord;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.secrets.WithdrawSecrets;
import com.fyvault.secrets.WithdrawStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Revokes for a provider what it has pushed: the secret that the body or the query names, or all of them. */
final class WithdrawPushed {
    private static final Set<String> KNOWN = Set.of("secretName", "project");
    private static final Set<String> QUERY = Set.of("secretName", "secret_name", "project");

    private final WithdrawSecrets secrets;

    WithdrawPushed(WithdrawSecrets secrets) {
        this.secrets = secrets;
    }

    Future<Answer> withdraw(Call call, Transaction transaction) {
        UUID provider = Itself.of(call);
        call.body().refuseAllBut(KNOWN);
        // A name that is misspelt or empty must not mean everything.
        call.refuseQueryBut(QUERY);
        @Nullable String name = given(call, "secretName", "secret_name");
        @Nullable String project = Itself.project(call, given(call, "project", "project"));
        if (name == null && call.body().has("secretName")) {
            throw Fields.invalid("secret_name", "is empty; left out, it means all that the provider has pushed");
        }
        WithdrawStore.Wanted wanted = new WithdrawStore.Wanted(
                call.orgId(),
                provider,
                project == null ? null : Names.key(project),
                name == null ? null : Names.key(Names.check(name)));
        return secrets.withdraw(call, transaction, wanted).map(done -> answer(call, done));
    }

    /** Of the body or, under either spelling, of the query. */
    private static @Nullable String given(Call call, String field, String other) {
        @Nullable String inBody = call.body().optionalText(field, SentItem.LONGEST);
        @Nullable String inQuery = call.query(other, SentItem.LONGEST);
        @Nullable String spelt = inQuery == null ? call.query(field, SentItem.LONGEST) : inQuery;
        if (inBody != null && spelt != null && !inBody.equals(spelt)) {
            throw Fields.invalid(other, "is one thing in the query and another in the body");
        }
        return inBody == null || inBody.isEmpty() ? spelt : inBody;
    }

    private static Answer answer(Call call, WithdrawSecrets.Done done) {
        @Nullable UUID named = done.named();
        done.secrets().forEach((id, withdrawn) -> {
            AuditRecord record =
                    named == null ? call.record().sibling(call.record().action()) : call.record();
            boolean one = withdrawn.environments() == 1;
            record.secret(id, withdrawn.version())
                    .environment(one ? withdrawn.environmentId() : null)
                    .detail("environments", withdrawn.environments());
            if (named == null) {
                call.addRecord(record);
            }
        });
        if (named != null && done.secrets().isEmpty()) {
            call.record().secret(named, 0);
        }
        call.record().detail("count", done.values());
        return Answer.ok(new JsonObject()
                .put("revoked", done.values())
                .put("secrets", done.secrets().size())
                .put("complete", done.complete()));
    }
}
