package com.fyvault.scan;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import io.vertx.core.Vertx;

/** The scanner as a route; it needs nothing of the organization but a token. */
public final class ScanRoutes {
    private final ScanText scan;

    public ScanRoutes(Vertx vertx) {
        this.scan = new ScanText(vertx);
    }

    public void mount(Routes routes) {
        routes.post("/orgs/{org}/scan/text", "scanText", AuditAction.TEXT_SCAN).reads(scan::scan);
    }
}
