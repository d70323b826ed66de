/// Keys, envelopes, seals and identifiers: the only package that uses `javax.crypto`.
@NullMarked
package com.fyvault.crypto;

import org.jspecify.annotations.NullMarked;
