package com.fyvault.webhooks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The tries that a node makes at the moment, and what there is room for: a webhook has a few, one that fails has one, an
 * organization a quarter of all, and all that fail a half. So whoever hangs leaves room for the others. Confined to an event
 * loop.
 */
final class UnderWay {
    private static final int EACH = 4;

    private final int most;
    private final Map<UUID, Integer> ofWebhook = new HashMap<>();
    private final Map<UUID, Integer> ofOrg = new HashMap<>();
    private final Set<UUID> failing = new HashSet<>();
    private int all;
    private int allFailing;

    /** @param most at once */
    UnderWay(int most) {
        this.most = most;
    }

    boolean isFull() {
        return all >= most;
    }

    DeliveryStore.Room room() {
        Set<UUID> webhooks = new HashSet<>();
        ofWebhook.forEach((id, tries) -> {
            if (tries >= (failing.contains(id) ? 1 : EACH)) {
                webhooks.add(id);
            }
        });
        Set<UUID> orgs = new HashSet<>();
        ofOrg.forEach((id, tries) -> {
            if (tries >= Math.max(EACH, most / 4)) {
                orgs.add(id);
            }
        });
        return new DeliveryStore.Room(webhooks, orgs, allFailing < Math.max(1, most / 2));
    }

    void begin(DeliveryStore.Due due) {
        all++;
        allFailing += due.failing() ? 1 : 0;
        ofWebhook.merge(due.webhookId(), 1, Integer::sum);
        ofOrg.merge(due.orgId(), 1, Integer::sum);
        if (due.failing()) {
            failing.add(due.webhookId());
        } else {
            failing.remove(due.webhookId());
        }
    }

    void failed(DeliveryStore.Due due) {
        failing.add(due.webhookId());
    }

    void end(DeliveryStore.Due due) {
        all--;
        allFailing -= due.failing() ? 1 : 0;
        less(ofWebhook, due.webhookId());
        less(ofOrg, due.orgId());
        if (!ofWebhook.containsKey(due.webhookId())) {
            failing.remove(due.webhookId());
        }
    }

    private static void less(Map<UUID, Integer> counts, UUID id) {
        counts.computeIfPresent(id, (known, tries) -> tries == 1 ? null : tries - 1);
    }
}
