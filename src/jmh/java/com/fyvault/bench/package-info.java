/** Benchmarks: one question each. */
@NullMarked
package com.fyvault.bench;

import org.jspecify.annotations.NullMarked;
