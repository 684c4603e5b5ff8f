/** What memquota grants, keeps and forgets. */
@NullMarked
package dev.tenon.adapter.memquota;

import org.jspecify.annotations.NullMarked;
