package dev.tenon.samples.bookinfo;

/** {@code GET /details/{id}}: the same facts for every book, as JSON. */
final class Details implements Service {
    @Override
    public Answer answer(Request request) {
        return Answer.byNumber(request, "details", "Details", Details::of);
    }

    private static Json of(String id) {
        return Json.object()
                .with("id", Long.parseLong(id))
                .with("author", "William Shakespeare")
                .with("year", 1595)
                .with("type", "paperback")
                .with("pages", 200)
                .with("publisher", "PublisherA")
                .with("language", "English")
                .with("ISBN-10", "1234567890")
                .with("ISBN-13", "123-1234567890")
                .build();
    }
}
