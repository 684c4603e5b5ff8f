/** Lists the packages of the platform's jars for the system bundle. Start at {@link dev.tenon.kernel.exports.Generate}. */
@NullMarked
package dev.tenon.kernel.exports;

import org.jspecify.annotations.NullMarked;
