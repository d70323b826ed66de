/** The OpenAPI document and the page to browse it. */
@NullMarked
package com.fyvault.docs;

import org.jspecify.annotations.NullMarked;
