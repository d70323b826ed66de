/** The audit trail over the wire. */
@NullMarked
package com.fyvault.trail;

import org.jspecify.annotations.NullMarked;
