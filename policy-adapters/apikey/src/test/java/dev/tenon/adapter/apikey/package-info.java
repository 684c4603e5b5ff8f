/** The adapter that knows keys. Start at {@link dev.tenon.adapter.apikey.ApiKey}. */
@NullMarked
package dev.tenon.adapter.apikey;

import org.jspecify.annotations.NullMarked;
