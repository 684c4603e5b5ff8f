package dev.tenon.samples.bookinfo;

/** One of the four services: a request in, an answer out. Called from many threads at once; may block. */
interface Service {
    Answer answer(Request request);
}
