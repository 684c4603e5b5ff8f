/** Tests of the whole: the module, and real proxies under it. */
@NullMarked
package dev.tenon.pilot;

import org.jspecify.annotations.NullMarked;
