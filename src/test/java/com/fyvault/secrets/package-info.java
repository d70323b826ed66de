@NullMarked
package com.fyvault.secrets;

import org.jspecify.annotations.NullMarked;
