@NullMarked
package com.fyvault.platform;

import org.jspecify.annotations.NullMarked;
