package dev.tenon.samples.bookinfo;

import java.util.List;
import java.util.Optional;

/** Writes the pages. Whatever comes from a request or another service goes through {@link #escape}. */
final class PageView {
    private static final String TITLE = "The Comedy of Errors";
    private static final String SUMMARY = "Two pairs of twins, parted at birth, meet in a town where everyone takes each"
            + " for the other: Shakespeare's shortest play, and one of his most farcical.";
    private static final long MOST_STARS = 5;

    private PageView() {}

    static Json products() {
        return new Json.Arr(List.of(Json.object()
                .with("id", 0)
                .with("title", TITLE)
                .with("descriptionHtml", "<p>" + SUMMARY + "</p>")
                .build()));
    }

    static String unavailable(String part) {
        return "Sorry, product " + part + " are currently unavailable for this book.";
    }

    static String index() {
        return document("Bookinfo", """
                <h1>Bookinfo</h1>
                <p>One page put together by four services. <a href="/productpage">Open the page.</a></p>
                """);
    }

    static String page(String user, Optional<Json.Obj> details, Optional<Json.Obj> reviews, String version) {
        return document(TITLE, """
                <header>%s</header>
                <h1>%s</h1>
                <p>%s</p>
                <section id="details">
                <h2>Book Details</h2>
                %s</section>
                <section id="reviews" data-reviews-version="%s">
                <h2>Book Reviews</h2>
                %s</section>
                """.formatted(
                        session(user),
                        escape(TITLE),
                        escape(SUMMARY),
                        details.map(PageView::details).orElseGet(() -> failure("details")),
                        escape(version),
                        reviews.map(found -> reviews(found, version)).orElseGet(() -> failure("reviews"))));
    }

    private static String session(String user) {
        if (user.isEmpty()) {
            return """
                    <form method="post" action="/login"><input name="username" placeholder="User name" required \
                    maxlength="64"><button>Sign in</button></form>""";
        }
        return "<span id=\"user\">" + escape(user) + "</span> (<a href=\"/logout\">sign out</a>)";
    }

    private static String details(Json.Obj details) {
        StringBuilder rows = new StringBuilder("<dl>\n");
        details.members().forEach((name, value) -> {
            if (!name.equals("id")) {
                String text = value instanceof Json.Str(String plain) ? plain : value.toString();
                rows.append("<dt>%s</dt><dd>%s</dd>\n".formatted(escape(name), escape(text)));
            }
        });
        return rows.append("</dl>\n").toString();
    }

    private static String reviews(Json.Obj reviews, String version) {
        StringBuilder out = new StringBuilder();
        for (Json.Obj review : reviews.objects("reviews")) {
            out.append("""
                    <blockquote><p>%s</p><footer>%s</footer>%s</blockquote>
                    """.formatted(
                            escape(review.text("text").orElse("")),
                            escape(review.text("reviewer").orElse("")),
                            review.object("rating").map(PageView::rating).orElse("")));
        }
        return out.append("<p class=\"served\">Reviews served by: <b>reviews %s</b> (%s on cluster %s)</p>\n"
                .formatted(
                        escape(version),
                        escape(reviews.text("podname").orElse("unknown")),
                        escape(reviews.text("clustername").orElse("unknown")))).toString();
    }

    private static String rating(Json.Obj rating) {
        Optional<Long> stars = rating.number("stars");
        if (stars.isEmpty()) {
            return "<p class=\"error\">" + escape(rating.text("error").orElse("No rating")) + "</p>";
        }
        int full = (int) Math.clamp(stars.get(), 0, MOST_STARS);
        String color = rating.text("color").filter("red"::equals).orElse("black");
        return "<p class=\"stars %s\" title=\"%d %s stars\">%s%s</p>"
                .formatted(color, full, color, "\u2605".repeat(full), "\u2606".repeat((int) MOST_STARS - full));
    }

    private static String failure(String part) {
        return """
                <h3>Error fetching product %s!</h3>
                <p class="error">%s</p>
                """.formatted(escape(part), escape(unavailable(part)));
    }

    private static String document(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>%s</title><link rel="stylesheet" href="/static/bookinfo.css"></head>
                <body>
                %s</body>
                </html>
                """.formatted(escape(title), body);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
