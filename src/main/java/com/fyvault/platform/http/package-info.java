@NullMarked
package com.fyvault.platform.http;

import org.jspecify.annotations.NullMarked;
