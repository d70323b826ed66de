package com.fyvault.scan;

/** Why a scan could not be made, or not whole; the message says how it can be mended. */
public class ScanError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScanError(String message) {
        super(message);
    }

    public ScanError(String message, Throwable cause) {
        super(message, cause);
    }
}
