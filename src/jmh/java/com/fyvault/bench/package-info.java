/** Loads the server from outside, as a separate process, and says what a request costs. */
@NullMarked
package com.fyvault.bench;

import org.jspecify.annotations.NullMarked;
