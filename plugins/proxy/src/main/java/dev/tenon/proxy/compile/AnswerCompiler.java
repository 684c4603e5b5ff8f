package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.wire.xds.v1.DataSource;
import dev.tenon.wire.xds.v1.DirectResponseAction;
import dev.tenon.wire.xds.v1.RedirectAction;

/** Compiles routes that answer by themselves. */
final class AnswerCompiler {
  private AnswerCompiler() {}

  static RouteAction redirect(RedirectAction redirect, RouteMatch match) {
    int port = redirect.getPortRedirect();
    if (port < 0 || port > 65535) {
      throw new Unusable("port_redirect", Integer.toUnsignedString(port) + " is no port");
    }
    return new RouteAction.Redirect(
        redirect.getHttpsRedirect()
            ? "https"
            : Unusable.in("scheme_redirect", () -> Values.headText(redirect.getSchemeRedirect())),
        Unusable.in("host_redirect", () -> Values.headText(redirect.getHostRedirect())),
        port,
        path(redirect, match),
        status(redirect.getResponseCode()),
        redirect.getStripQuery());
  }

  private static PathRewrite path(RedirectAction redirect, RouteMatch match) {
    return switch (redirect.getPathRewriteSpecifierCase()) {
      case PATH_REDIRECT ->
          redirect.getPathRedirect().isEmpty()
              ? new PathRewrite.Keep()
              : new PathRewrite.Whole(
                  Unusable.in("path_redirect", () -> RewriteCompiler.pathText(redirect.getPathRedirect())));
      case PREFIX_REWRITE -> RewriteCompiler.prefix("prefix_rewrite", redirect.getPrefixRewrite(), match);
      case REGEX_REWRITE -> Unusable.in("regex_rewrite", () -> RewriteCompiler.regex(redirect.getRegexRewrite()));
      case PATHREWRITESPECIFIER_NOT_SET -> new PathRewrite.Keep();
    };
  }

  private static int status(RedirectAction.RedirectResponseCode code) {
    return switch (code) {
      case MOVED_PERMANENTLY -> 301;
      case FOUND -> 302;
      case SEE_OTHER -> 303;
      case TEMPORARY_REDIRECT -> 307;
      case PERMANENT_REDIRECT -> 308;
      case UNRECOGNIZED -> throw new Unusable("response_code", "is none that this proxy knows");
    };
  }

  static RouteAction direct(DirectResponseAction direct, int largestBody) {
    if (direct.getStatus() < 200 || direct.getStatus() > 599) {
      throw new Unusable("status", direct.getStatus() + " is not between 200 and 599");
    }
    return new RouteAction.DirectResponse(
        direct.getStatus(), Unusable.in("body", () -> body(direct.getBody(), largestBody)));
  }

  private static String body(DataSource source, int largest) {
    ByteString bytes =
        switch (source.getSpecifierCase()) {
          case INLINE_STRING -> source.getInlineStringBytes();
          case INLINE_BYTES -> source.getInlineBytes();
          case SPECIFIER_NOT_SET -> ByteString.EMPTY;
        };
    if (bytes.size() > largest) {
      throw new Unusable("", "has " + bytes.size() + " bytes; max_direct_response_body_size_bytes is " + largest);
    }
    if (!bytes.isValidUtf8()) {
      throw new Unusable("inline_bytes", "is not UTF-8");
    }
    return bytes.toStringUtf8();
  }
}
