/// What people must hear of: kept until it was sent by mail, and to the operator's webhook.
@NullMarked
package com.fyvault.notices;

import org.jspecify.annotations.NullMarked;
