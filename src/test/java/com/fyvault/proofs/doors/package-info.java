/** Who may pass which door (T33), and what a stranger learns at them (T34): every route there is, by a table. */
@NullMarked
package com.fyvault.proofs.doors;

import org.jspecify.annotations.NullMarked;
