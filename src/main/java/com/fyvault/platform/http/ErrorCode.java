package com.fyvault.platform.http;

/** Every error the server can answer with: its status and the text a stranger may read. docs/ERRORS.md has an entry for each. */
public enum ErrorCode {
    MALFORMED_REQUEST(400, "The request is not valid HTTP"),
    MALFORMED_PATH(400, "The path holds characters or segments that no route has"),
    MALFORMED_JSON(400, "The body is not a JSON object"),
    INVALID_FIELD(400, "A field of the body or query is missing or wrong"),
    INVALID_NAME(400, "Names are 1 to 128 of the characters A-Z a-z 0-9 . _ -"),
    INVALID_SCOPE(400, "Unknown scope"),
    INVALID_CIDR(400, "Not an address range"),
    TTL_OUT_OF_RANGE(400, "The lifetime is outside the allowed range"),
    INVALID_PRECONDITION(400, "If-Match does not hold a version"),
    INVALID_IDEMPOTENCY_KEY(400, "An Idempotency-Key is 1 to 255 printable ASCII characters"),
    RULE_TOO_BROAD(400, "The rule would accept strangers; a condition must bind the subject"),
    PASSWORD_REFUSED(400, "A password has 12 to 256 characters and is none of the common ones"),
    MAIL_TOKEN_REFUSED(400, "The link is not known, was used before or is too old"),
    CONNECT_CODE_REFUSED(400, "The code is unknown, was used, is too old, or is not for this verifier and address"),
    NOT_GENERATED(400, "A value of this type cannot be generated here"),

    TOKEN_MISSING(401, "No bearer token was sent"),
    TOKEN_INVALID(401, "The token is not known"),
    TOKEN_EXPIRED(401, "The token has expired"),
    TOKEN_REVOKED(401, "The token was revoked"),
    LOGIN_REFUSED(401, "The e-mail address or the password is not right, or there were too many wrong ones lately"),
    IDENTITY_REFUSED(401, "The identity token was not accepted"),
    SIGNATURE_REFUSED(401, "The signature was not accepted"),
    CODE_REFUSED(401, "The code is wrong, was used before, or is no longer good"),
    PASSKEY_REFUSED(401, "The passkey was not accepted"),
    LOGIN_EXPIRED(401, "This login has expired or was used; begin again"),

    SCOPE_MISSING(403, "The token lacks the scope that this needs"),
    ENVIRONMENT_NOT_ALLOWED(403, "The token is not allowed in this environment"),
    SECRET_NOT_ALLOWED(403, "The token is not allowed to use this secret"),
    ADDRESS_NOT_ALLOWED(403, "The token is not allowed from this address"),
    PARENT_MUST_BE_API_KEY(403, "Only an API key can mint this token"),
    PERSON_REQUIRED(403, "Only a person who is logged in can make, widen or roll an API key"),
    NOT_KEY_OWNER(403, "Only the person whose key it is can widen or roll it"),
    EXCEEDS_PARENT(403, "A token cannot be given more than the one that makes it has"),
    KIND_NOT_ALLOWED(403, "This kind of token cannot do that"),
    ROLE_NOT_ALLOWED(403, "Only an owner or an admin of the organization may do that"),
    PASSWORD_WRONG(403, "The present password is not right"),
    STEP_UP_REQUIRED(403, "Confirm the second factor again first: POST /v1/auth/step-up"),
    SECOND_FACTOR_REQUIRED(403, "Enrol a second factor first: POST /v1/users/me/totp or /v1/users/me/passkeys/options"),
    PASSWORD_REQUIRED(403, "The first second factor needs the password"),
    CROSS_SITE(403, "A browser's request must come from this site, and be JSON if it changes something"),
    ROLE_TOO_LOW(403, "Your role does not allow that"),
    ORG_LOCKED(403, "The organization is locked by the operator"),

    ROUTE_NOT_FOUND(404, "No such route"),
    ORG_NOT_FOUND(404, "Organization not found"),
    PROJECT_NOT_FOUND(404, "Project not found"),
    ENVIRONMENT_NOT_FOUND(404, "Environment not found"),
    SECRET_NOT_FOUND(404, "Secret not found"),
    VERSION_NOT_FOUND(404, "Version not found"),
    CREDENTIAL_NOT_FOUND(404, "Token not found"),
    LOGIN_NOT_FOUND(404, "Login not found"),
    TRUST_RULE_NOT_FOUND(404, "Trust rule not found"),
    HANDLE_NOT_FOUND(404, "Handle not found"),
    MEMBER_NOT_FOUND(404, "Member not found"),
    TEAM_NOT_FOUND(404, "Team not found"),
    INVITATION_NOT_FOUND(404, "Invitation not found"),
    WEBHOOK_NOT_FOUND(404, "Webhook not found"),
    LEAK_NOT_FOUND(404, "Leak not found"),
    FACTOR_NOT_FOUND(404, "No such second factor"),

    METHOD_NOT_ALLOWED(405, "The route does not take this method"),
    BODY_TIMEOUT(408, "The body did not arrive in time"),

    NAME_TAKEN(409, "The name is taken"),
    CLIENT_ENCRYPTED(409, "The value is encrypted by the client; the server cannot read or replace it"),
    DEFAULT_CANNOT_GO(409, "The default cannot be deleted; make another one the default first"),
    ACCOUNT_EXISTS(409, "There is an account of this address; log in, and accept the invitation"),
    MEMBER_EXISTS(409, "Somebody with that address is a member already"),
    LAST_OWNER(409, "The last owner of an organization cannot go"),
    FACTOR_EXISTS(409, "That second factor is enrolled already"),
    SECOND_FACTOR_REQUIRED_BY_ORG(409, "An organization that you are a member of requires a second factor"),
    NOT_DELETED(409, "It is not deleted"),
    LIMIT_REACHED(409, "The organization has as many of these as it may"),
    SECRET_OWNED_ELSEWHERE(409, "The secret is the organization's own or another provider's, until they hand it over"),
    STALE_PROVIDER_VERSION(409, "The provider_version is not newer than the one that was pushed before"),
    LEAK_REPORT_REPEATED(409, "This report was taken before; all of it is done"),
    REQUEST_IN_PROGRESS(409, "A request with this Idempotency-Key is still running"),

    SECRET_REVOKED(410, "The secret was revoked"),
    EVENTS_GONE(410, "What came after that event is not kept any more; begin anew without an id"),
    VERSION_MISMATCH(412, "The version is not the one named in If-Match"),
    BODY_TOO_LARGE(413, "The body is larger than allowed"),
    VALUE_TOO_LARGE(413, "A value is at most 1 MiB"),
    URI_TOO_LONG(414, "The request line is longer than allowed"),
    BODY_ENCODED(415, "A body is taken as it is, not compressed"),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used for another request"),
    RATE_LIMITED(429, "Too many requests; Retry-After says when to come back"),
    TOO_MANY_STREAMS(429, "The token or its organization has as many streams open as it may"),
    HEADERS_TOO_LARGE(431, "The headers are larger than allowed"),

    INTERNAL(500, "Something went wrong here; the requestId finds it in the log"),
    SEALED_VALUE_REFUSED(500, "The stored value did not pass its integrity check and was not released"),
    STORE_UNAVAILABLE(503, "The store does not answer; try again"),
    AUDIT_UNAVAILABLE(503, "The request could not be recorded, so nothing was released; try again"),
    OVERLOADED(503, "Too many requests are waiting; try again"),
    OUTCOME_UNKNOWN(503, "The change may or may not have happened; repeat it with the same Idempotency-Key"),
    UNSETTLED(503, "Authority changed faster than the request could be decided; try again");

    private final int status;
    private final String text;

    ErrorCode(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The public text; holds no value, name or address of the request. */
    public String text() {
        return text;
    }
}
