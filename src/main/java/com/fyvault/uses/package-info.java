/// When credentials and secrets were last used: gathered in memory, written now and then.
@NullMarked
package com.fyvault.uses;

import org.jspecify.annotations.NullMarked;
