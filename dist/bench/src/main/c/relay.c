/*
 * The least that anything between a client and a backend can cost: bytes are passed on as they come, by one thread, with one
 * epoll_wait, one recv and one send for each message. Nothing is parsed, a connection of its own is opened for each client.
 *
 *     cc -O2 -o relay relay.c && ./relay PORT BACKEND_PORT        both on loopback
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536

static int other[MOST]; /* where the bytes of a socket go; 0: nowhere */
static int watch;

static void follow(int socket) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(watch, EPOLL_CTL_ADD, socket, &event);
}

static void join(int client, struct sockaddr_in *backend) {
    int on = 1, upstream = socket(AF_INET, SOCK_STREAM, 0);
    if (client >= MOST || upstream < 0 || upstream >= MOST || connect(upstream, (struct sockaddr *) backend, sizeof *backend)) {
        close(client);
        close(upstream);
        return;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(upstream, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    other[client] = upstream;
    other[upstream] = client;
    follow(client);
    follow(upstream);
}

static void pass(int from) {
    static char bytes[65536];
    int to = other[from];
    ssize_t length = to ? recv(from, bytes, sizeof bytes, MSG_DONTWAIT) : -1;
    if (length > 0) {
        send(to, bytes, length, MSG_NOSIGNAL);
    } else if (to) {
        other[from] = other[to] = 0;
        close(from);
        close(to);
    }
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: relay PORT BACKEND_PORT\n");
        return 64;
    }
    int on = 1, door = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in backend = here;
    backend.sin_port = htons(atoi(words[2]));
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *) &here, sizeof here) || listen(door, 512)) {
        perror("relay");
        return 1;
    }
    watch = epoll_create1(0);
    follow(door);
    for (;;) {
        struct epoll_event events[128];
        int found = epoll_wait(watch, events, 128, -1);
        for (int i = 0; i < found; i++) {
            if (events[i].data.fd == door) {
                join(accept(door, NULL, NULL), &backend);
            } else {
                pass(events[i].data.fd);
            }
        }
    }
}
