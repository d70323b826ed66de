package com.fyvault.scan;

/**
 * A secret that was found and is about to be reported. It prints nothing of the secret.
 *
 * @param secret as it stood there, to be cleared
 */
public record Candidate(Finding finding, byte[] secret) {
    @Override
    public String toString() {
        return finding.toString();
    }
}
