@NullMarked
package com.fyvault.audit;

import org.jspecify.annotations.NullMarked;
