package com.fyvault.scan;

import java.util.List;

/** Tells somebody of what was found. When it returns, they have taken it; what it throws means that they have not. */
@FunctionalInterface
public interface Reporter {
    void report(List<Candidate> candidates);
}
