package dev.tenon.samples.bookinfo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The front: the book's page, its JSON under {@code /api/v1/products}, and a login that only remembers a name.
 *
 * <p>As in the original, details and reviews are asked one after the other, and a failed or slow reviews is asked once
 * more: that fault of two services' time limits is there for a mesh to show.
 */
final class ProductPage implements Service {
    private static final String SESSION = "session";
    private static final int LONGEST_USER = 64;
    private static final int REVIEWS_TRIES = 2;
    private static final Pattern PRODUCT =
            Pattern.compile("/api/v1/products/([0-9]{1,9})(?:/(reviews|ratings))?");
    private static final Pattern VERSION = Pattern.compile("reviews-(v[0-9]+).*");
    private static final String PRODUCTS_PATH = "/api/v1/products";
    private static final String STYLE_PATH = "/static/bookinfo.css";

    private final Settings settings;
    private final Caller caller;
    private final String style;

    ProductPage(Settings settings, Caller caller) {
        this.settings = settings;
        this.caller = caller;
        this.style = resource(STYLE_PATH);
    }

    @Override
    public Answer answer(Request request) {
        if (request.path().equals("/login")) {
            return request.method().equals("POST") ? login(request) : Answer.notAllowed("POST");
        }
        if (!request.reads()) {
            return Answer.notAllowed("GET, HEAD");
        }
        return switch (request.path()) {
            case "/", "/index.html" -> Answer.html(PageView.index(), Map.of());
            case "/productpage" -> page(request);
            case "/logout" -> Answer.redirect("/productpage").with("Set-Cookie", cookie("") + "; Max-Age=0");
            case "/health" -> new Answer(200, "text/plain; charset=utf-8", "Product page is healthy", Map.of());
            case STYLE_PATH -> new Answer(200, "text/css; charset=utf-8", style, Map.of());
            case PRODUCTS_PATH -> Answer.json(200, PageView.products());
            default -> product(request);
        };
    }

    private Answer page(Request request) {
        Map<String, String> passed = passed(request);
        Reply details = details("0", passed);
        Reply reviews = reviews("0", passed);
        String version = reviews.content().map(ProductPage::version).orElse("none");
        String page = PageView.page(user(request).orElse(""), details.content(), reviews.content(), version);
        return Answer.html(page, Map.of(
                "x-details-status", Integer.toString(details.status()),
                "x-reviews-status", Integer.toString(reviews.status()),
                "x-reviews-version", version));
    }

    private Answer product(Request request) {
        Matcher product = PRODUCT.matcher(request.path());
        if (!product.matches()) {
            return Answer.notFound(request);
        }
        Map<String, String> passed = passed(request);
        String id = product.group(1);
        String part = product.group(2) == null ? "details" : product.group(2);
        Reply reply = switch (part) {
            case "reviews" -> reviews(id, passed);
            case "ratings" -> caller.get(settings.ratings(), "/ratings/" + id, passed, settings.pagePatience());
            default -> details(id, passed);
        };
        return reply.content()
                .map(content -> Answer.json(200, content))
                .orElseGet(() -> Answer.error(reply.status(), PageView.unavailable(part)));
    }

    private Reply details(String id, Map<String, String> passed) {
        return caller.get(settings.details(), "/details/" + id, passed, settings.pagePatience());
    }

    private Reply reviews(String id, Map<String, String> passed) {
        Reply reply = Reply.UNREACHABLE;
        for (int i = 0; i < REVIEWS_TRIES && reply.content().isEmpty(); i++) {
            reply = caller.get(settings.reviews(), "/reviews/" + id, passed, settings.pagePatience());
        }
        return reply;
    }

    /** Our reviews say their version; others' carry it in the name of the pod. */
    private static String version(Json.Obj reviews) {
        return reviews.text("version")
                .or(() -> reviews.text("podname")
                        .map(VERSION::matcher)
                        .filter(Matcher::matches)
                        .map(named -> named.group(1)))
                .filter(Passed::isHeaderValue)
                .orElse("unknown");
    }

    private static Map<String, String> passed(Request request) {
        Map<String, String> passed = new TreeMap<>(Passed.on(request));
        user(request).ifPresent(user -> passed.put("end-user", user));
        return passed;
    }

    /** Who is logged in; a client without a session may name the user in {@code end-user}. */
    private static Optional<String> user(Request request) {
        return request.cookie(SESSION)
                .flatMap(ProductPage::decoded)
                .or(() -> request.header("end-user"))
                .filter(ProductPage::isUser);
    }

    private Answer login(Request request) {
        Optional<String> user = Arrays.stream(request.body().split("&", -1))
                .filter(field -> field.startsWith("username="))
                .findFirst()
                .flatMap(field -> decoded(field.substring("username=".length())))
                .filter(ProductPage::isUser);
        return user.map(name -> Answer.redirect("/productpage").with("Set-Cookie", cookie(name)))
                .orElseGet(() -> Answer.error(
                        400, "username must be 1 to " + LONGEST_USER + " printable ASCII characters"));
    }

    private static boolean isUser(String name) {
        return !name.isBlank() && name.length() <= LONGEST_USER && Passed.isHeaderValue(name);
    }

    private static Optional<String> decoded(String text) {
        try {
            return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8).strip());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String cookie(String user) {
        return SESSION + "=" + URLEncoder.encode(user, StandardCharsets.UTF_8) + "; Path=/; HttpOnly; SameSite=Lax";
    }

    private static String resource(String path) {
        try (InputStream in = ProductPage.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
