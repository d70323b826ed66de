package com.fyvault.people;

import com.fyvault.notices.MailDelivery;
import com.fyvault.platform.config.MailSettings;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the mails that wait, one after the other, for as long as the node runs. Owns the timer and the connection to
 * the mail server. A mail is sent at least once: a node that dies between the sending and its mark leaves it to be
 * sent again.
 */
public final class MailVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(MailVerticle.class);
    private static final int MOST_A_ROUND = 50;
    /** Somebody waits for it in front of a screen. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final MailOutbox outbox;
    private final MailSettings settings;
    private boolean running;

    public MailVerticle(MailOutbox outbox, MailSettings settings) {
        this.outbox = outbox;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        MailClient client = MailClient.create(vertx, MailDelivery.mail(settings));
        long interval = Math.min(SOON.toMillis(), settings.interval().toMillis());
        long _ = vertx.setPeriodic(interval, tick -> round(client));
        return Future.succeededFuture();
    }

    /** A round that takes longer than the interval is not joined by another. */
    private void round(MailClient client) {
        if (running) {
            return;
        }
        running = true;
        next(client, MOST_A_ROUND)
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("mails not looked at"))
                .onComplete(done -> running = false);
    }

    private Future<Void> next(MailClient client, int left) {
        if (left == 0) {
            return Future.succeededFuture();
        }
        return outbox.take()
                .compose(due -> due.isEmpty()
                        ? Future.<Void>succeededFuture()
                        : send(client, due.get()).compose(sent -> next(client, left - 1)));
    }

    private Future<Void> send(MailClient client, MailOutbox.Waiting waiting) {
        MailMessage message = new MailMessage()
                .setFrom(settings.from())
                .setTo(waiting.mail().to())
                .setSubject(waiting.mail().subject())
                .setText(waiting.mail().text());
        return client.sendMail(message).transform(done -> {
            if (done.succeeded()) {
                return outbox.sent(waiting.id());
            }
            // The kind alone: the other side's answer may repeat addresses.
            String kind = done.cause().getClass().getSimpleName();
            LOG.atWarn()
                    .addKeyValue("mailId", waiting.id())
                    .addKeyValue("cause", kind)
                    .log("mail not sent");
            return outbox.failed(waiting.id(), kind);
        });
    }
}
