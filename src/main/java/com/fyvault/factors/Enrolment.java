package com.fyvault.factors;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What an authenticator app is given, once: the secret in base 32, as an `otpauth` URI, and that as a QR code.
///
/// Prints nothing.
final class Enrolment {
    private final String secret;
    private final String uri;

    /// @param issuer whose code it is, as the app shows it
    Enrolment(String issuer, String email, byte[] secret) {
        this.secret = Base32.encode(secret);
        // The format of the app that began it; others read the same (github.com/google/google-authenticator/wiki).
        this.uri = "otpauth://totp/" + encoded(issuer) + ":" + encoded(email) + "?secret=" + this.secret + "&issuer="
                + encoded(issuer) + "&algorithm=SHA1&digits=" + Totp.DIGITS + "&period=" + Totp.STEP_SECONDS;
    }

    JsonObject toJson() {
        return new JsonObject().put("secret", secret).put("uri", uri).put("qrCode", QrCode.svg(uri));
    }

    @Override
    public String toString() {
        return "[enrolment]";
    }

    /// Apps read a plus as a plus.
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
