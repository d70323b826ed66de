package com.fyvault.api;

import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;

/**
 * Who calls: the decision on the token, the epoch it is to be checked against, and the address.
 *
 * @param epoch the organization's auth_epoch that the decision is good at
 */
public record Caller(TokenHash token, Decision decision, long epoch, ClientAddress address) {
    /** How this actor is named in stored rows: the person who is logged in, or the token. */
    public String actor() {
        boolean person = decision.kind() == TokenKind.LOGIN;
        return person ? "user:" + decision.credential().ownerUserId() : "token:" + decision.credentialId();
    }
}
