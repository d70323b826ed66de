package com.fyvault.people;

/**
 * The mails about accounts. Nothing that a stranger has written is in them but the address that they go to: a mail
 * from here must be nobody's means of telling somebody else something.
 */
final class Letters {
    private final String url;

    /** @param url where people reach this installation; empty when that is not known */
    Letters(String url) {
        this.url = url;
    }

    Mail welcome(String to, String token) {
        return new Mail(
                to,
                "FyVault: confirm your e-mail address",
                "Somebody, most likely you, signed up for FyVault with this address.\n\n"
                        + way("verify", token)
                        + "\nThe token is good for 24 hours, once. If it was not you, do nothing: without it there is no"
                        + " account.\n");
    }

    Mail alreadyThere(String to) {
        return new Mail(
                to,
                "FyVault: you have an account already",
                "Somebody, most likely you, signed up for FyVault with this address. There is an account of this address"
                        + " already, and nothing was changed.\n\nIf you do not know its password, have it reset. If it was"
                        + " not you, do nothing.\n");
    }

    Mail reset(String to, String token) {
        return new Mail(
                to,
                "FyVault: reset your password",
                "Somebody, most likely you, asked to reset the password of your FyVault account.\n\n"
                        + way("reset", token)
                        + "\nThe token is good for 30 minutes, once. If it was not you, do nothing: your password stays as"
                        + " it is.\n");
    }

    /** Without it the time that a mail takes would tell whether there is an account. */
    Mail nobodyThere(String to) {
        return new Mail(
                to,
                "FyVault: there is no account of this address",
                "Somebody, most likely you, asked to reset the password of a FyVault account with this address. There is"
                        + " none. If it was not you, do nothing.\n");
    }

    Mail passwordChanged(String to) {
        return new Mail(
                to,
                "FyVault: your password was changed",
                "The password of your FyVault account was changed, and every other login was ended.\n\nIf it was not you,"
                        + " have it reset now, and tell an owner of your organization.\n");
    }

    /** Where it was found is not said: that would be the word of a stranger. */
    Mail loginFound(String to) {
        return new Mail(
                to,
                "FyVault: a login of yours was found in public",
                "The token of a login of your FyVault account was found where others could read it. The login was ended:"
                        + " the token no longer lets anybody in.\n\nLook in your account at what was done lately. If you do"
                        + " not know how the token got out, change your password and end all other logins.\n");
    }

    /** In the fragment, which a browser does not send anywhere. */
    private String way(String page, String token) {
        String link = url.isEmpty() ? "" : "Open this page:\n\n" + url + "/" + page + "#token=" + token + "\n\n";
        return link + (link.isEmpty() ? "Your token:\n\n" : "Or enter this token:\n\n") + token + "\n";
    }
}
