/**
 * The gRPC edges: enrolment for hosts, administration for operators.
 *
 * <p>Start at {@link dev.tenon.citadel.serve.EnrolmentService}.
 */
@NullMarked
package dev.tenon.citadel.serve;

import org.jspecify.annotations.NullMarked;
