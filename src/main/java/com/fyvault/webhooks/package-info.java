/// Events by webhook: kept until the other side has taken them, signed, and tried again.
@NullMarked
package com.fyvault.webhooks;

import org.jspecify.annotations.NullMarked;
