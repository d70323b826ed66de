@NullMarked
package com.fyvault.platform.postgres;

import org.jspecify.annotations.NullMarked;
