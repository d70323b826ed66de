/// Tests of second factors.
@NullMarked
package com.fyvault.factors;

import org.jspecify.annotations.NullMarked;
