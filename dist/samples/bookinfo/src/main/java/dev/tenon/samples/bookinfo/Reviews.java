package dev.tenon.samples.bookinfo;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /reviews/{id}}: two reviews as JSON. v1 has no stars and asks nobody; v2 and v3 ask ratings and show black
 * and red stars. The answer names the version that gave it.
 */
final class Reviews implements Service {
    private static final String UNAVAILABLE = "Ratings service is currently unavailable";

    private final String version;
    private final @Nullable String color;
    private final Settings settings;
    private final Caller caller;

    private Reviews(String version, @Nullable String color, Settings settings, Caller caller) {
        this.version = version;
        this.color = color;
        this.settings = settings;
        this.caller = caller;
    }

    static Reviews version(String version, Settings settings, Caller caller) {
        return switch (version) {
            case "v1" -> new Reviews(version, null, settings, caller);
            case "v2" -> new Reviews(version, "black", settings, caller);
            case "v3" -> new Reviews(version, "red", settings, caller);
            default -> throw new IllegalArgumentException("--version " + version + ": reviews has v1, v2 and v3");
        };
    }

    @Override
    public Answer answer(Request request) {
        return Answer.byNumber(request, "reviews", "Reviews", id -> reviews(id, request));
    }

    private Json reviews(String id, Request request) {
        Optional<Json.Obj> ratings = color == null ? Optional.empty() : ratings(id, request);
        String podName = settings.podName() != null ? settings.podName() : "reviews-" + version;
        return Json.object()
                .with("id", id)
                .with("podname", podName)
                .with("clustername", settings.clusterName())
                .with("version", version)
                .with("reviews", new Json.Arr(List.of(
                        review("Reviewer1", "Two pairs of twins, one confused town: I laughed from the first scene"
                                + " to the last.", ratings),
                        review("Reviewer2", "Quick, silly and great fun, though his later plays go deeper.",
                                ratings))))
                .build();
    }

    private Optional<Json.Obj> ratings(String id, Request request) {
        return caller.get(settings.ratings(), "/ratings/" + id, Passed.on(request), settings.ratingsPatience())
                .content()
                .flatMap(answer -> answer.object("ratings"));
    }

    private Json review(String reviewer, String text, Optional<Json.Obj> ratings) {
        Json.Builder review = Json.object().with("reviewer", reviewer).with("text", text);
        if (color != null) {
            String shade = color;
            review.with("rating", ratings.flatMap(all -> all.number(reviewer))
                    .map(stars -> Json.object().with("stars", stars).with("color", shade).build())
                    .orElseGet(() -> Json.object().with("error", UNAVAILABLE).build()));
        }
        return review.build();
    }
}
