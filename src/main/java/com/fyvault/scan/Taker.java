package com.fyvault.scan;

/** Takes what is found together with the secret itself, whose bytes are cleared as soon as this returns. */
@FunctionalInterface
public interface Taker {
    void take(Finding finding, byte[] secret);
}
