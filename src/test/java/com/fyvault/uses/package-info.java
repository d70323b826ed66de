@NullMarked
package com.fyvault.uses;

import org.jspecify.annotations.NullMarked;
