@NullMarked
package com.fyvault.notices;

import org.jspecify.annotations.NullMarked;
