package com.fyvault.leaks;

import com.fyvault.tokens.TokenHash;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the texts of a call are looked up by, each once. */
record Asked(Map<Looks, Set<TokenHash>> hashes, Set<String> prints, Set<String> signingPrints) {
    static Asked of(List<Sighting> sightings) {
        Map<Looks, Set<TokenHash>> hashes = new EnumMap<>(Looks.class);
        Set<String> prints = new HashSet<>();
        Set<String> signing = new HashSet<>();
        for (Sighting sighting : sightings) {
            if (sighting.hash() != null) {
                hashes.computeIfAbsent(sighting.looks(), none -> new HashSet<>())
                        .add(sighting.hash());
            }
            if (sighting.print() != null) {
                prints.add(sighting.print());
                if (sighting.looks() == Looks.SIGNING_SECRET) {
                    signing.add(sighting.print());
                }
            }
        }
        return new Asked(hashes, prints, signing);
    }

    Set<TokenHash> hashes(Looks looks) {
        return hashes.getOrDefault(looks, Set.of());
    }
}
