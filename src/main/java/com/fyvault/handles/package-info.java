/// Handles: a short-lived name that stands for a secret until the moment it is used. No bearer token.
@NullMarked
package com.fyvault.handles;

import org.jspecify.annotations.NullMarked;
