package com.fyvault.notices;

import com.fyvault.platform.config.MailSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;

/** Notices by mail, one mail to all recipients. */
public final class MailDelivery implements Delivery {
    private final MailSettings settings;
    private final MailClient client;

    public MailDelivery(Vertx vertx, MailSettings settings) {
        this.settings = settings;
        this.client = MailClient.create(vertx, mail(settings));
    }

    @Override
    public Channel channel() {
        return Channel.MAIL;
    }

    @Override
    public Future<Void> send(Notice notice) {
        return client.sendMail(message(notice)).mapEmpty();
    }

    private MailMessage message(Notice notice) {
        JsonObject payload = notice.payload();
        StringBuilder text = new StringBuilder("FyVault tells every owner and admin of organization ")
                .append(notice.orgId())
                .append(":\n\n");
        text.append(notice.kind()).append("\n\n");
        payload.forEach(field -> text.append(field.getKey())
                .append(": ")
                // One line a field, whatever somebody wrote into it.
                .append(String.valueOf(field.getValue()).replaceAll("\\s+", " "))
                .append('\n'));
        return new MailMessage()
                .setFrom(settings.from())
                .setTo(notice.recipients())
                .setSubject("FyVault: " + notice.kind().replace('.', ' ').replace('_', '-'))
                .setText(text.toString());
    }

    /** How the mail server of these settings is spoken to. */
    public static MailConfig mail(MailSettings settings) {
        MailConfig config = new MailConfig()
                .setHostname(settings.host())
                .setPort(settings.port())
                .setSsl(settings.tls() == MailSettings.Tls.IMPLICIT)
                .setStarttls(
                        settings.tls() == MailSettings.Tls.REQUIRED
                                ? StartTLSOptions.REQUIRED
                                : StartTLSOptions.DISABLED)
                .setConnectTimeout((int) settings.timeout().toMillis())
                .setMaxPoolSize(1)
                .setUserAgent("fyvault");
        return settings.user() == null
                ? config
                : config.setUsername(settings.user()).setPassword(settings.password());
    }
}
