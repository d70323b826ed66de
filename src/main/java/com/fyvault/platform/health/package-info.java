@NullMarked
package com.fyvault.platform.health;

import org.jspecify.annotations.NullMarked;
