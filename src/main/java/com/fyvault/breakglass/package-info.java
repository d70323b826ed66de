/// Full access in an emergency: short, with a reason, and everybody in charge is told.
@NullMarked
package com.fyvault.breakglass;

import org.jspecify.annotations.NullMarked;
