@NullMarked
package com.fyvault.environments;

import org.jspecify.annotations.NullMarked;
