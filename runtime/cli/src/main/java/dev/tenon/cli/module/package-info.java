/** {@code tenon module}: shows and changes the modules of one running process. Start at {@link dev.tenon.cli.module.ModuleCommand}. */
@NullMarked
package dev.tenon.cli.module;

import org.jspecify.annotations.NullMarked;
