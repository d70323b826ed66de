package com.fyvault.proofs.history;

import com.fyvault.proofs.history.SecretModel.Ask;
import com.fyvault.proofs.history.SecretModel.Place;
import com.fyvault.proofs.history.SecretModel.Told;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A secret as a few lines of plain code have it, and clients that use it. What they see is linearizable by
 * construction: each request is carried out at one moment between its call and its return, or, when its
 * answer is lost, at any moment after the call, or never.
 */
final class SimulatedSecret {
    static final String FIRST = SecretModel.NAMED + "first";

    private final SplittableRandom random;
    private final Map<Place, List<String>> contents = new EnumMap<>(Place.class);
    private final List<Operation<Ask, Told>> history = new ArrayList<>();
    private final List<Ask> late = new ArrayList<>();
    private final double lost;
    private boolean deleted;
    private long clock;
    private int writes;

    private static final class Client {
        private final int number;
        private @Nullable Ask ask;
        private @Nullable Told told;
        private long called;

        Client(int number) {
            this.number = number;
        }
    }

    /** A secret with its first value. */
    SimulatedSecret(SplittableRandom random, double lost) {
        this.random = random;
        this.lost = lost;
        contents.put(Place.PRODUCTION, new ArrayList<>(List.of(FIRST)));
        contents.put(Place.STAGING, new ArrayList<>());
    }

    /** What so many clients saw who made so many requests. */
    List<Operation<Ask, Told>> history(int clients, int operations) {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.add(new Client(i));
        }
        int begun = 0;
        while (begun < operations || all.stream().anyMatch(client -> client.ask != null)) {
            Client client = all.get(random.nextInt(clients));
            if (client.ask != null) {
                goOn(client);
            } else if (begun < operations) {
                client.ask = ask();
                client.called = ++clock;
                begun++;
            }
            if (!late.isEmpty() && random.nextInt(20) == 0) {
                var _ = carryOut(late.remove(random.nextInt(late.size())));
            }
        }
        return history;
    }

    private void goOn(Client client) {
        Ask ask = client.ask;
        if (ask == null) {
            return;
        }
        if (client.told == null) {
            if (random.nextDouble() < lost) {
                lose(client, ask);
            } else {
                client.told = carryOut(ask);
            }
        } else {
            boolean answerLost = random.nextDouble() < lost;
            history.add(
                    answerLost
                            ? Operation.open(client.number, ask, client.called)
                            : new Operation<>(client.number, ask, client.told, client.called, ++clock));
            client.ask = null;
            client.told = null;
        }
    }

    private void lose(Client client, Ask ask) {
        history.add(Operation.open(client.number, ask, client.called));
        client.ask = null;
        if (random.nextBoolean()) {
            late.add(ask);
        }
    }

    private Ask ask() {
        Place place = random.nextInt(4) == 0 ? Place.STAGING : Place.PRODUCTION;
        int current = contents(place).size();
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> new Ask.Write(place, SecretModel.NAMED + ++writes, 0);
            case 3, 4, 5 ->
                new Ask.Write(place, SecretModel.NAMED + ++writes, Math.max(1, current - random.nextInt(2)));
            case 6 -> new Ask.Write(place, SecretModel.MADE + ++writes, 0);
            case 7 -> new Ask.RollBack(place, 1 + random.nextInt(current + 1));
            case 8 -> new Ask.SetDeleted(true);
            case 9, 10 -> new Ask.SetDeleted(false);
            case 11 -> new Ask.View(place);
            default -> new Ask.Read(place);
        };
    }

    private Told carryOut(Ask ask) {
        if (ask instanceof Ask.SetDeleted set) {
            if (deleted == set.deleted()) {
                return new Told.Absent();
            }
            deleted = set.deleted();
            return new Told.Done(contents(Place.PRODUCTION).size());
        }
        if (deleted) {
            return new Told.Absent();
        }
        return switch (ask) {
            case Ask.Read read -> read(contents(read.place()));
            case Ask.View view -> new Told.Value(contents(view.place()).size(), null);
            case Ask.Write write -> {
                List<String> there = contents(write.place());
                if (write.demanded() > 0 && write.demanded() != there.size()) {
                    yield new Told.Mismatch();
                }
                there.add(write.content());
                yield new Told.Done(there.size());
            }
            case Ask.RollBack back -> {
                List<String> there = contents(back.place());
                if (back.version() > there.size()) {
                    yield new Told.NoVersion();
                }
                there.add(there.get((int) back.version() - 1));
                yield new Told.Done(there.size());
            }
            case Ask.SetDeleted set -> throw new IllegalStateException("was done above: " + set);
        };
    }

    private static Told read(List<String> there) {
        if (there.isEmpty()) {
            return new Told.Absent();
        }
        String content = there.get(there.size() - 1);
        return new Told.Value(there.size(), content.startsWith(SecretModel.MADE) ? "x7Yq" : content);
    }

    private List<String> contents(Place place) {
        return contents.computeIfAbsent(place, none -> new ArrayList<>());
    }
}
