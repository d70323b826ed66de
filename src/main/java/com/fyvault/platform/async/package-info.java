@NullMarked
package com.fyvault.platform.async;

import org.jspecify.annotations.NullMarked;
