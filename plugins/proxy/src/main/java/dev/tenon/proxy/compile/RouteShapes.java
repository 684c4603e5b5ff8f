package dev.tenon.proxy.compile;

import dev.tenon.wire.xds.v1.DataSource;
import dev.tenon.wire.xds.v1.DirectResponseAction;
import dev.tenon.wire.xds.v1.HeaderMatcher;
import dev.tenon.wire.xds.v1.HeaderValueOption;
import dev.tenon.wire.xds.v1.QueryParameterMatcher;
import dev.tenon.wire.xds.v1.RedirectAction;
import dev.tenon.wire.xds.v1.RegexMatchAndSubstitute;
import dev.tenon.wire.xds.v1.RegexMatcher;
import dev.tenon.wire.xds.v1.RetryPolicy;
import dev.tenon.wire.xds.v1.Route;
import dev.tenon.wire.xds.v1.RouteAction;
import dev.tenon.wire.xds.v1.RouteConfiguration;
import dev.tenon.wire.xds.v1.RouteMatch;
import dev.tenon.wire.xds.v1.StringMatcher;
import dev.tenon.wire.xds.v1.VirtualHost;
import dev.tenon.wire.xds.v1.WeightedCluster;

/** Which fields of a route configuration are carried out; all others make it unusable. */
final class RouteShapes {
  private static final Shape REGEX =
      Shape.of(
          "envoy.type.matcher.v3.RegexMatcher", RegexMatcher.GOOGLE_RE2_FIELD_NUMBER, RegexMatcher.REGEX_FIELD_NUMBER);

  private static final Shape REGEX_REWRITE =
      Shape.of("envoy.type.matcher.v3.RegexMatchAndSubstitute", RegexMatchAndSubstitute.SUBSTITUTION_FIELD_NUMBER)
          .with(RegexMatchAndSubstitute.PATTERN_FIELD_NUMBER, REGEX);

  private static final Shape TEXT =
      Shape.of(
              "envoy.type.matcher.v3.StringMatcher",
              StringMatcher.EXACT_FIELD_NUMBER,
              StringMatcher.PREFIX_FIELD_NUMBER,
              StringMatcher.SUFFIX_FIELD_NUMBER,
              StringMatcher.CONTAINS_FIELD_NUMBER,
              StringMatcher.IGNORE_CASE_FIELD_NUMBER)
          .with(StringMatcher.SAFE_REGEX_FIELD_NUMBER, REGEX);

  private static final Shape HEADER_MATCH =
      Shape.of(
              "envoy.config.route.v3.HeaderMatcher",
              HeaderMatcher.NAME_FIELD_NUMBER,
              HeaderMatcher.EXACT_MATCH_FIELD_NUMBER,
              HeaderMatcher.PRESENT_MATCH_FIELD_NUMBER,
              HeaderMatcher.PREFIX_MATCH_FIELD_NUMBER,
              HeaderMatcher.SUFFIX_MATCH_FIELD_NUMBER,
              HeaderMatcher.CONTAINS_MATCH_FIELD_NUMBER,
              HeaderMatcher.INVERT_MATCH_FIELD_NUMBER,
              HeaderMatcher.TREAT_MISSING_HEADER_AS_EMPTY_FIELD_NUMBER)
          .with(HeaderMatcher.SAFE_REGEX_MATCH_FIELD_NUMBER, REGEX)
          .with(HeaderMatcher.STRING_MATCH_FIELD_NUMBER, TEXT);

  private static final Shape QUERY_MATCH =
      Shape.of(
              "envoy.config.route.v3.QueryParameterMatcher",
              QueryParameterMatcher.NAME_FIELD_NUMBER,
              QueryParameterMatcher.PRESENT_MATCH_FIELD_NUMBER)
          .with(QueryParameterMatcher.STRING_MATCH_FIELD_NUMBER, TEXT);

  private static final Shape MATCH =
      Shape.of(
              "envoy.config.route.v3.RouteMatch",
              RouteMatch.PREFIX_FIELD_NUMBER,
              RouteMatch.PATH_FIELD_NUMBER,
              RouteMatch.PATH_SEPARATED_PREFIX_FIELD_NUMBER,
              RouteMatch.CASE_SENSITIVE_FIELD_NUMBER)
          .with(RouteMatch.SAFE_REGEX_FIELD_NUMBER, REGEX)
          .with(RouteMatch.HEADERS_FIELD_NUMBER, HEADER_MATCH)
          .with(RouteMatch.QUERY_PARAMETERS_FIELD_NUMBER, QUERY_MATCH);

  private static final Shape ADD_HEADER =
      Shape.of(
          "envoy.config.core.v3.HeaderValueOption",
          HeaderValueOption.HEADER_FIELD_NUMBER,
          HeaderValueOption.APPEND_FIELD_NUMBER,
          HeaderValueOption.APPEND_ACTION_FIELD_NUMBER,
          HeaderValueOption.KEEP_EMPTY_VALUE_FIELD_NUMBER);

  private static final Shape RETRY =
      Shape.of(
          "envoy.config.route.v3.RetryPolicy",
          RetryPolicy.RETRY_ON_FIELD_NUMBER,
          RetryPolicy.NUM_RETRIES_FIELD_NUMBER,
          RetryPolicy.PER_TRY_TIMEOUT_FIELD_NUMBER,
          RetryPolicy.RETRY_HOST_PREDICATE_FIELD_NUMBER,
          RetryPolicy.HOST_SELECTION_RETRY_MAX_ATTEMPTS_FIELD_NUMBER,
          RetryPolicy.RETRIABLE_STATUS_CODES_FIELD_NUMBER);

  private static final Shape WEIGHTED =
      Shape.of("envoy.config.route.v3.WeightedCluster", WeightedCluster.TOTAL_WEIGHT_FIELD_NUMBER)
          .with(
              WeightedCluster.CLUSTERS_FIELD_NUMBER,
              Shape.of(
                      "envoy.config.route.v3.WeightedCluster.ClusterWeight",
                      WeightedCluster.ClusterWeight.NAME_FIELD_NUMBER,
                      WeightedCluster.ClusterWeight.WEIGHT_FIELD_NUMBER,
                      WeightedCluster.ClusterWeight.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
                      WeightedCluster.ClusterWeight.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER)
                  .with(WeightedCluster.ClusterWeight.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER)
                  .with(WeightedCluster.ClusterWeight.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER));

  private static final Shape FORWARD =
      Shape.of(
              "envoy.config.route.v3.RouteAction",
              RouteAction.CLUSTER_FIELD_NUMBER,
              RouteAction.CLUSTER_NOT_FOUND_RESPONSE_CODE_FIELD_NUMBER,
              RouteAction.PREFIX_REWRITE_FIELD_NUMBER,
              RouteAction.HOST_REWRITE_LITERAL_FIELD_NUMBER,
              RouteAction.AUTO_HOST_REWRITE_FIELD_NUMBER,
              RouteAction.TIMEOUT_FIELD_NUMBER,
              RouteAction.IDLE_TIMEOUT_FIELD_NUMBER)
          .with(RouteAction.WEIGHTED_CLUSTERS_FIELD_NUMBER, WEIGHTED)
          .with(RouteAction.REGEX_REWRITE_FIELD_NUMBER, REGEX_REWRITE)
          .with(RouteAction.RETRY_POLICY_FIELD_NUMBER, RETRY);

  private static final Shape REDIRECT =
      Shape.of(
              "envoy.config.route.v3.RedirectAction",
              RedirectAction.HTTPS_REDIRECT_FIELD_NUMBER,
              RedirectAction.SCHEME_REDIRECT_FIELD_NUMBER,
              RedirectAction.HOST_REDIRECT_FIELD_NUMBER,
              RedirectAction.PORT_REDIRECT_FIELD_NUMBER,
              RedirectAction.PATH_REDIRECT_FIELD_NUMBER,
              RedirectAction.PREFIX_REWRITE_FIELD_NUMBER,
              RedirectAction.RESPONSE_CODE_FIELD_NUMBER,
              RedirectAction.STRIP_QUERY_FIELD_NUMBER)
          .with(RedirectAction.REGEX_REWRITE_FIELD_NUMBER, REGEX_REWRITE);

  private static final Shape DIRECT_RESPONSE =
      Shape.of("envoy.config.route.v3.DirectResponseAction", DirectResponseAction.STATUS_FIELD_NUMBER)
          .with(
              DirectResponseAction.BODY_FIELD_NUMBER,
              Shape.of(
                  "envoy.config.core.v3.DataSource",
                  DataSource.INLINE_BYTES_FIELD_NUMBER,
                  DataSource.INLINE_STRING_FIELD_NUMBER));

  private static final Shape ROUTE =
      Shape.of(
              "envoy.config.route.v3.Route",
              Route.NAME_FIELD_NUMBER,
              Route.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
              Route.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER,
              // They only observe.
              Route.METADATA_FIELD_NUMBER,
              Route.DECORATOR_FIELD_NUMBER,
              Route.TRACING_FIELD_NUMBER,
              Route.STAT_PREFIX_FIELD_NUMBER,
              Route.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER)
          .with(Route.MATCH_FIELD_NUMBER, MATCH)
          .with(Route.ROUTE_FIELD_NUMBER, FORWARD)
          .with(Route.REDIRECT_FIELD_NUMBER, REDIRECT)
          .with(Route.DIRECT_RESPONSE_FIELD_NUMBER, DIRECT_RESPONSE)
          .with(Route.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER)
          .with(Route.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER);

  private static final Shape VIRTUAL_HOST =
      Shape.of(
              "envoy.config.route.v3.VirtualHost",
              VirtualHost.NAME_FIELD_NUMBER,
              VirtualHost.DOMAINS_FIELD_NUMBER,
              VirtualHost.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
              VirtualHost.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER,
              // They only observe: Istio asks for the attempt's number everywhere.
              VirtualHost.INCLUDE_REQUEST_ATTEMPT_COUNT_FIELD_NUMBER,
              VirtualHost.VIRTUAL_CLUSTERS_FIELD_NUMBER,
              VirtualHost.METADATA_FIELD_NUMBER,
              VirtualHost.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER)
          .with(VirtualHost.ROUTES_FIELD_NUMBER, ROUTE)
          .with(VirtualHost.RETRY_POLICY_FIELD_NUMBER, RETRY)
          .with(VirtualHost.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER)
          .with(VirtualHost.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER);

  /** The whole. */
  static final Shape TABLE =
      Shape.of(
              "envoy.config.route.v3.RouteConfiguration",
              RouteConfiguration.NAME_FIELD_NUMBER,
              RouteConfiguration.VALIDATE_CLUSTERS_FIELD_NUMBER,
              RouteConfiguration.MAX_DIRECT_RESPONSE_BODY_SIZE_BYTES_FIELD_NUMBER,
              RouteConfiguration.IGNORE_PORT_IN_HOST_MATCHING_FIELD_NUMBER,
              RouteConfiguration.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
              RouteConfiguration.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER,
              RouteConfiguration.METADATA_FIELD_NUMBER,
              RouteConfiguration.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER)
          .with(RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER, VIRTUAL_HOST)
          .with(RouteConfiguration.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER)
          .with(RouteConfiguration.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, ADD_HEADER);

  private RouteShapes() {}
}
