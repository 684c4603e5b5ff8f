/**
 * Asks the policy service about handlers whose state all proxies share: one stream, questions in batches, one
 * deadline; grants ahead are kept in pools, verdicts in a cache. Start at {@link dev.tenon.mixer.share.Shared}.
 */
@NullMarked
package dev.tenon.mixer.share;

import org.jspecify.annotations.NullMarked;
