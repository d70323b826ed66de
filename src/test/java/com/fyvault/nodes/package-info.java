/** Several nodes on one database. */
@NullMarked
package com.fyvault.nodes;

import org.jspecify.annotations.NullMarked;
