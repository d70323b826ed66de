package com.fyvault.devices;

import org.jspecify.annotations.Nullable;

/**
 * What a device has besides its credential.
 *
 * @param hostname as it was told at registration
 * @param fingerprint of its certificate, as it was told at registration; a public value, which proves nothing by itself
 */
record Device(@Nullable String hostname, @Nullable String fingerprint) {}
