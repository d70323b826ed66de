package com.fyvault.members;

import com.fyvault.people.Mail;

/**
 * The mail that invites. Of what strangers wrote only the organization's name is in it, and of that nothing that makes a
 * link: it must be nobody's means of telling somebody else something.
 */
final class InvitationLetter {
    private static final int LONGEST_NAME = 64;

    private final String url;

    /** @param url where people reach this installation; empty when that is not known */
    InvitationLetter(String url) {
        this.url = url;
    }

    Mail of(Invitation invitation, String orgName, String token) {
        String plain = orgName.replaceAll("[^\\p{L}\\p{N} _-]", " ").strip();
        String name = plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
        // In the fragment, which a browser does not send anywhere.
        String link = url.isEmpty() ? "" : "Open this page:\n\n" + url + "/invitation#token=" + token + "\n\n";
        return new Mail(
                invitation.mailbox(),
                "FyVault: you are invited to an organization",
                "You are invited to the organization \"" + name + "\" on FyVault, as "
                        + invitation.grant().role().text() + ".\n\n"
                        + link
                        + (link.isEmpty() ? "Your token:\n\n" : "Or enter this token:\n\n")
                        + token
                        + "\n\nIt is good for 7 days, once, for an account of this address. If you do not know who"
                        + " invites you, do nothing.\n");
    }
}
