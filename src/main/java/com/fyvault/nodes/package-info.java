/** The nodes that serve the same database: who is alive, and what must wait for them. */
@NullMarked
package com.fyvault.nodes;

import org.jspecify.annotations.NullMarked;
