@NullMarked
package com.fyvault.breakglass;

import org.jspecify.annotations.NullMarked;
