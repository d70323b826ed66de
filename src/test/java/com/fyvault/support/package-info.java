/** What several tests share. */
@NullMarked
package com.fyvault.support;

import org.jspecify.annotations.NullMarked;
