@NullMarked
package com.fyvault.webhooks;

import org.jspecify.annotations.NullMarked;
