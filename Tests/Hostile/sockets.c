#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hostile.h"

static void make(const char *name, int family, int type, int protocol) {
    int made = socket(family, type, protocol);
    hostile_told(name, made);
    if (made >= 0) close(made);
}

// Where a datagram would go; connecting one sends nothing.
static void route(const char *name, const char *address) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
    struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons(53)};
    if (inet_pton(AF_INET, address, &to.sin_addr) == 1) {
        int made = socket(AF_INET, SOCK_DGRAM, 0);
        hostile_told(name, connect(made, (struct sockaddr *)&to, sizeof to));
        close(made);
    } else if (inet_pton(AF_INET6, address, &to6.sin6_addr) == 1) {
        int made = socket(AF_INET6, SOCK_DGRAM, 0);
        hostile_told(name, connect(made, (struct sockaddr *)&to6, sizeof to6));
        close(made);
    }
}

// Asks the kernel for a new interface; the answer is an error, or 0.
static void new_interface(void) {
    struct {
        struct nlmsghdr header;
        struct ifinfomsg information;
        struct rtattr name;
        char text[8];
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWLINK,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK},
        .name = {.rta_len = RTA_LENGTH(8), .rta_type = IFLA_IFNAME}, .text = "pandar0"};
    char answer[4096];
    int made = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (made < 0 || send(made, &request, sizeof request, 0) < 0) {
        hostile_told("netlink-new-interface", -1);
        return;
    }
    ssize_t count = recv(made, answer, sizeof answer, 0);
    struct nlmsghdr *header = (struct nlmsghdr *)answer;
    int code = count >= (ssize_t)sizeof *header && header->nlmsg_type == NLMSG_ERROR
        ? ((struct nlmsgerr *)NLMSG_DATA(header))->error : 0;
    errno = -code;
    hostile_told("netlink-new-interface", code < 0 ? -1 : 0);
    close(made);
}

static void raise_loopback(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int made = socket(AF_INET, SOCK_DGRAM, 0);
    ioctl(made, SIOCGIFFLAGS, &request);
    hostile_told("change-interface", ioctl(made, SIOCSIFFLAGS, &request));
    close(made);
}

int hostile_sockets(void) {
    make("vsock", AF_VSOCK, SOCK_STREAM, 0);
    make("packet", AF_PACKET, SOCK_RAW, 0);
    make("alg", AF_ALG, SOCK_SEQPACKET, 0);
    make("bluetooth", 31, SOCK_RAW, 1);
    make("xdp", 44, SOCK_RAW, 0);
    make("can", 29, SOCK_RAW, 1);
    make("tipc", 30, SOCK_STREAM, 0);
    make("rds", 21, SOCK_SEQPACKET, 0);
    make("key", AF_KEY, SOCK_RAW, 2);
    make("netlink-uevent", AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
    make("netlink-netfilter", AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    make("netlink-audit", AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
    make("netlink-crypto", AF_NETLINK, SOCK_RAW, NETLINK_CRYPTO);
    make("raw-icmp", AF_INET, SOCK_RAW, IPPROTO_ICMP);
    make("raw-ip6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
    // Addresses of documentation, of a cloud's metadata, of a private network; all families of addresses.
    route("route-documentation", "192.0.2.1");
    route("route-metadata", "169.254.169.254");
    route("route-private", "10.0.0.1");
    route("route-ip6", "2001:db8::1");
    route("route-link-local-ip6", "fe80::1");
    new_interface();
    raise_loopback();
    struct if_nameindex *names = if_nameindex();
    for (struct if_nameindex *name = names; name != NULL && name->if_index != 0; name++)
        printf("interface=%s\n", name->if_name);
    return 0;
}
