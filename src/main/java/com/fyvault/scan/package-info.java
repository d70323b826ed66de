/** Finds secrets in files, git histories and texts: rules, the engine that runs them, what it reads and what it tells. */
@NullMarked
package com.fyvault.scan;

import org.jspecify.annotations.NullMarked;
