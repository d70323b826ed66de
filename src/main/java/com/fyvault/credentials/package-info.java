@NullMarked
package com.fyvault.credentials;

import org.jspecify.annotations.NullMarked;
