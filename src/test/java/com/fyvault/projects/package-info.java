@NullMarked
package com.fyvault.projects;

import org.jspecify.annotations.NullMarked;
