/** What must hold under fault, each with the line of figures that it prints. */
@NullMarked
package com.fyvault.proofs;

import org.jspecify.annotations.NullMarked;
