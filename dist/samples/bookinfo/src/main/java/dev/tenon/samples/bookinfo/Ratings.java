package dev.tenon.samples.bookinfo;

/** {@code GET /ratings/{id}}: five and four stars for every book, as JSON. */
final class Ratings implements Service {
    @Override
    public Answer answer(Request request) {
        return Answer.byNumber(request, "ratings", "Ratings", Ratings::of);
    }

    private static Json of(String id) {
        return Json.object()
                .with("id", Long.parseLong(id))
                .with("ratings", Json.object().with("Reviewer1", 5).with("Reviewer2", 4).build())
                .build();
    }
}
