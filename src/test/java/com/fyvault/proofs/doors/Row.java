package com.fyvault.proofs.doors;

import com.fyvault.tokens.Role;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What authorization-matrix.txt says of a route; the head of that file says what each of these means.
 *
 * @param lines the method and path, under each of its names
 * @param guard who is asked for what
 * @param factor whether a login is asked for a second factor of the last minutes
 * @param itself what a provider's own token needs in its place
 * @param refuses the code for a kind that holds the scope
 * @param things what stands for a path parameter, other than what has its name
 */
record Row(
        List<Line> lines,
        Guard guard,
        Set<Scope> needs,
        Set<Scope> itself,
        Set<Role> roles,
        Set<TokenKind> may,
        Set<TokenKind> never,
        Map<TokenKind, String> refuses,
        Set<Scope> gives,
        boolean whole,
        boolean factor,
        String query,
        @Nullable String body,
        Map<String, String> things,
        @Nullable String answers) {

    /** What a door asks for. */
    enum Guard {
        /** A token of the organization. */
        ORG,
        /** Somebody who is logged in; no token of an organization will do, so none is looked up. */
        PERSON,
        /** Nothing. */
        OPEN
    }

    /** Of whom 2xx is expected: the owner's key, or where keys may not, the owner in person. */
    TokenKind whoMust() {
        return may.contains(TokenKind.API_KEY) ? TokenKind.API_KEY : TokenKind.LOGIN;
    }

    /** Whether the row is about tokens of an organization. */
    boolean ofOrganization() {
        return guard == Guard.ORG;
    }

    /** One spelling of a route. */
    record Line(String method, String path) {
        boolean names(String parameter) {
            return path.contains("{" + parameter + "}");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }
}
