/**
 * The edge to operators: {@code dev.tenon.admin.v1.ConfigAdmin} over gRPC. Protobuf ends here.
 */
@NullMarked
package dev.tenon.galley.serve;

import org.jspecify.annotations.NullMarked;
