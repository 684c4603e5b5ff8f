/**
 * Where text comes from: a directory of files, watched, and written in whole sets or not at all; and
 * the sources that plug-ins offer.
 *
 * <p>Start at {@link dev.tenon.galley.source.Sources}; {@link dev.tenon.galley.source.Disk} is the
 * edge to the file system.
 */
@NullMarked
package dev.tenon.galley.source;

import org.jspecify.annotations.NullMarked;
