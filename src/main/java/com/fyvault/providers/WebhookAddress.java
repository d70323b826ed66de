package com.fyvault.providers;

import com.fyvault.federation.Outward;
import com.fyvault.platform.http.Fields;
import java.net.InetAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Which addresses somebody may ask to be told at. What a name stands for is looked at each time that something is sent. */
public final class WebhookAddress {
    public static final int LONGEST = 512;

    private final Outward outward;

    public WebhookAddress(Outward outward) {
        this.outward = outward;
    }

    /** The text, if it may be one. */
    public String check(String field, String text) {
        @Nullable URI target = outward.target(text);
        if (target == null) {
            throw Fields.invalid(field, "is not https with a host and nothing but a path behind it");
        }
        if (!isMaybeAllowed(target.getHost().replaceAll("[\\[\\]]", ""))) {
            throw Fields.invalid(field, "is at an address that is not public");
        }
        return text;
    }

    /** False for an address that would be refused at each try. */
    private boolean isMaybeAllowed(String host) {
        try {
            return outward.allows(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return true;
        }
    }
}
