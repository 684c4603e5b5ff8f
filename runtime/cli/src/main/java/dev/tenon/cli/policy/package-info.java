/** Commands about policy that answer by themselves, with the mesh's own modules and no mesh. */
@NullMarked
package dev.tenon.cli.policy;

import org.jspecify.annotations.NullMarked;
