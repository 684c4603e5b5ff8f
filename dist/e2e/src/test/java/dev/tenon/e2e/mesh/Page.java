package dev.tenon.e2e.mesh;

import dev.tenon.cli.process.Caller.Answer;

/** What Bookinfo's page tells of who served it. It is a 200 even when a part is missing. */
public final class Page {
  private Page() {}

  /** Empty when the page is whole. */
  public static String fault(Answer page) {
    if (page.status() != 200) {
      return "status " + page.status() + ": " + page.body().lines().findFirst().orElse("");
    }
    String details = page.header("x-details-status");
    return details.equals("200") && page.header("x-reviews-status").equals("200")
        ? ""
        : "details " + details + ", reviews " + page.header("x-reviews-status");
  }

  public static String reviewsVersion(Answer page) {
    return page.header("x-reviews-version");
  }

  public static boolean ratingsUnavailable(Answer page) {
    return page.body().contains("Ratings service is currently unavailable");
  }

  public static boolean reviewsUnavailable(Answer page) {
    return page.body().contains("Sorry, product reviews are currently unavailable for this book.");
  }
}
