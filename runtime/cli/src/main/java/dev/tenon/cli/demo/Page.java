package dev.tenon.cli.demo;

import dev.tenon.cli.process.Caller.Answer;

/** What Bookinfo's page says of who served it; the page itself is a 200 even when a part is missing. */
final class Page {
  private Page() {}

  /** Empty when the page is whole, else what is missing. */
  static String fault(Answer answer) {
    if (answer.status() != 200) {
      return "status " + answer.status() + ": " + answer.body().lines().findFirst().orElse("");
    }
    String details = answer.header("x-details-status");
    String reviews = answer.header("x-reviews-status");
    return details.equals("200") && reviews.equals("200") ? "" : "details " + details + ", reviews " + reviews;
  }

  static String reviewsVersion(Answer answer) {
    return answer.header("x-reviews-version");
  }

  static boolean showsRatings(Answer answer) {
    return !answer.body().contains("Ratings service is currently unavailable");
  }
}
