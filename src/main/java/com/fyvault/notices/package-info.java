/// What people must hear of: kept until it was sent by mail.
@NullMarked
package com.fyvault.notices;

import org.jspecify.annotations.NullMarked;
