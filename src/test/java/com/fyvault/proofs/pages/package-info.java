/** T43: pages of other sites, in a real browser that is logged in. */
@NullMarked
package com.fyvault.proofs.pages;

import org.jspecify.annotations.NullMarked;
