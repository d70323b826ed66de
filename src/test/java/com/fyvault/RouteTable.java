package com.fyvault;

import com.fyvault.api.Addresses;
import com.fyvault.api.Endpoint;
import com.fyvault.api.Routes;
import com.fyvault.connect.ConnectRoutes;
import com.fyvault.crypto.EnvironmentRootKey;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.federation.ExchangeRoutes;
import com.fyvault.leaks.LeakRoutes;
import com.fyvault.people.PersonFrame;
import com.fyvault.platform.config.Config;
import com.fyvault.secrets.ReadSecretRoutes;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The table of every route, as the server mounts it; nothing connects before it is used. */
public final class RouteTable {
    private RouteTable() {}

    public static List<Endpoint> endpoints(Vertx vertx) {
        SecureRandom random = new SecureRandom();
        String key = Base64.getEncoder().encodeToString(random.generateSeed(32));
        RootKeySource root = EnvironmentRootKey.load("KEY", Map.of("KEY", key), "dev", random);
        Core core = new Core(vertx, Settings.from(Config.of(Map.of())), root, random);
        Features features = new Features(core, new Withdrawals(cut -> Future.succeededFuture(), null));
        Routes routes = new Routes();
        ReadSecretRoutes.Edge edge = new ReadSecretRoutes.Edge(null, new Addresses(0), features.people.entrance());
        new ReadSecretRoutes(features.readSecret, features.readPrevious, edge, core.ids).mount(routes);
        new ExchangeRoutes(features.exchange, new ExchangeRoutes.Edge(null, null, new Addresses(0), null))
                .mount(routes);
        new LeakRoutes(features.leaks, new LeakRoutes.Edge(null, null, new Addresses(0), null)).mount(routes);
        new ConnectRoutes(features.connect, new ConnectRoutes.Edge(null, null, new Addresses(0), null)).mount(routes);
        features.mount(routes);
        new EventParts(core).mount(routes);
        PersonFrame frame = features.people.frame(new PersonFrame.Edge(null, null, new Addresses(0), null));
        features.people.mount(routes, frame);
        features.invitations.mount(routes, frame);
        features.factors.mount(routes, frame);
        features.myKeys.mount(routes, frame);
        return routes.endpoints();
    }
}
