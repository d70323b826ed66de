@NullMarked
package com.fyvault.api;

import org.jspecify.annotations.NullMarked;
