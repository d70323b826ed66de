package com.fyvault.notices;

import com.fyvault.platform.config.MailSettings;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notices by mail, one after the other, for as long as the node runs. Owns the timer and the
 * SMTP client. A notice is sent at least once: a node that dies between the mail and its mark leaves it
 * to be sent again. Without a mail server in the settings it does nothing, and notices are only kept.
 */
public final class NoticeVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeVerticle.class);
    private static final int AT_ONCE = 20;

    private final NoticeStore store;
    private final MailSettings settings;
    private boolean running;

    public NoticeVerticle(NoticeStore store, MailSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        if (!settings.isOn()) {
            LOG.info("no mail server is set: notices are kept, not sent");
            return Future.succeededFuture();
        }
        MailClient client = MailClient.create(vertx, mail());
        long _ = vertx.setPeriodic(settings.interval().toMillis(), tick -> round(client));
        return Future.succeededFuture();
    }

    /** A round that takes longer than the interval is not joined by another. */
    private void round(MailClient client) {
        if (running) {
            return;
        }
        running = true;
        store.take(AT_ONCE)
                .compose(due -> {
                    Future<Void> all = Future.succeededFuture();
                    for (Notice notice : due) {
                        all = all.compose(before -> send(client, notice));
                    }
                    return all;
                })
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("notices not looked at"))
                .onComplete(done -> running = false);
    }

    private Future<Void> send(MailClient client, Notice notice) {
        return client.sendMail(message(notice)).transform(done -> {
            if (done.succeeded()) {
                return store.sent(notice);
            }
            // The class alone: a mail server's answer may repeat addresses.
            String kind = done.cause().getClass().getSimpleName();
            LOG.atWarn()
                    .addKeyValue("noticeId", notice.id())
                    .addKeyValue("cause", kind)
                    .log("notice not sent");
            return store.failed(notice, kind);
        });
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

    private MailConfig mail() {
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
