package com.fyvault.mykeys;

import com.fyvault.api.Answer;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.credentials.PersonalKeys;
import com.fyvault.people.Memberships;
import com.fyvault.people.PersonCall;
import com.fyvault.people.PersonFrame;
import io.vertx.core.Future;
import java.util.UUID;

/** The list of a person's keys; what is done with one of them is done in its organization. */
public final class MyKeyRoutes {
    private final PersonalKeys keys;
    private final Memberships memberships;

    public MyKeyRoutes(PersonalKeys keys, Memberships memberships) {
        this.keys = keys;
        this.memberships = memberships;
    }

    public void mount(Routes routes, PersonFrame frame) {
        frame.person(routes.get("/users/me/api-keys", "listMyApiKeys", AuditAction.LOGIN_ACCOUNT), this::list);
    }

    private Future<Answer> list(PersonCall call) {
        UUID userId = call.person().userId();
        return memberships
                .of(userId)
                .compose(found -> keys.of(
                        userId, found.stream().map(Memberships.Belonging::orgId).toList()))
                .map(Answer::ok);
    }
}
