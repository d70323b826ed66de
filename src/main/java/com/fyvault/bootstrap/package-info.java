@NullMarked
package com.fyvault.bootstrap;

import org.jspecify.annotations.NullMarked;
