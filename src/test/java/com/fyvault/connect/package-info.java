/// Letting a provider in with a browser.
@NullMarked
package com.fyvault.connect;

import org.jspecify.annotations.NullMarked;
