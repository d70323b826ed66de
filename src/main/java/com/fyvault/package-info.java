/** The command line and the composition root. */
@NullMarked
package com.fyvault;

import org.jspecify.annotations.NullMarked;
