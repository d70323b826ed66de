@NullMarked
package com.fyvault.handles;

import org.jspecify.annotations.NullMarked;
