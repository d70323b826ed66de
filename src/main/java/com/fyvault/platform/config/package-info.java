@NullMarked
package com.fyvault.platform.config;

import org.jspecify.annotations.NullMarked;
