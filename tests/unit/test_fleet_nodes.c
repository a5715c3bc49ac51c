/* SPDX-License-Identifier: MIT
 * analysis/fleet/nodes: what sinfo prints, and files of hosts. */
#include "tests/test.h"

#include "analysis/fleet/nodes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* As Slurm 22.05 printed them, of a cluster with two partitions. */
static const char sinfo[] = "n1|main*|idle|alpha,ib|64|2|16|2|515000\n"
                            "n2|rest|mixed|alpha,ib|64|2|16|2|515100\n"
                            "n2|main*|mixed|alpha,ib|64|2|16|2|515100\n"
                            "n3|rest|down*|(null)|8|1|8|1|1000\n"
                            "n4|rest|idle|(null)|8|1|8|1|1000\n"
                            "n5|rest|drained|beta|8|1|8|1|1000\n"
                            "n6|rest|idle*|beta|8|1|8|1|1000\n";

static int read_sinfo(const char *text, struct fleet_nodes *nodes, struct err *err)
{
    FILE *const in = fmemopen((char *)text, strlen(text), "r");
    assert_non_null(in);
    const int code = fleet_nodes_read_sinfo(in, nodes, err);
    fclose(in);
    return code;
}

static int read_hosts(const char *text, struct fleet_nodes *nodes, struct err *err)
{
    FILE *const in = fmemopen((char *)text, strlen(text), "r");
    assert_non_null(in);
    const int code = fleet_nodes_read_hosts(in, "hosts", nodes, err);
    fclose(in);
    return code;
}

static void a_node_of_two_partitions_is_there_once_in_the_default_one(void **state)
{
    (void)state;
    struct fleet_nodes nodes;
    struct err err;
    assert_int_equal(read_sinfo(sinfo, &nodes, &err), 0);
    assert_int_equal(nodes.count, 6);
    assert_string_equal(nodes.node[1].name, "n2");
    assert_string_equal(nodes.node[1].partition, "main");
    assert_string_equal(nodes.node[2].partition, "rest");
    fleet_nodes_fini(&nodes);
}

static void nodes_that_take_no_job_are_away(void **state)
{
    (void)state;
    const bool away[] = {false, false, true, false, true, true};
    struct fleet_nodes nodes;
    struct err err;
    assert_int_equal(read_sinfo(sinfo, &nodes, &err), 0);
    for (size_t i = 0; i < nodes.count; i++)
        assert_int_equal(nodes.node[i].is_away, away[i]);
    fleet_nodes_fini(&nodes);
}

static void one_of_each_kind_is_there_rather_than_away(void **state)
{
    (void)state;
    struct fleet_nodes nodes;
    struct err err;
    assert_int_equal(read_sinfo(sinfo, &nodes, &err), 0);
    assert_string_equal(nodes.node[0].kind, "alpha,ib: 64 cpus, 2x16x2, 503 GiB");
    assert_string_equal(nodes.node[2].kind, "8 cpus, 1x8x1, 1 GiB");
    assert_int_equal(fleet_nodes_one_per_kind(&nodes, &err), 0);
    assert_int_equal(nodes.count, 3);
    assert_string_equal(nodes.node[0].name, "n1");
    assert_string_equal(nodes.node[1].name, "n4");
    assert_string_equal(nodes.node[2].name, "n5");
    fleet_nodes_fini(&nodes);
}

static void other_output_of_sinfo_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"n1\n", "n1|main*|idle|a|64|2|16|2\n",
        "n1|main*|idle|a|64|2|16|2|much\n", "n1|main*|idle|a|64|2|16|2|1|2\n",
        "n 1|main*|idle|a|64|2|16|2|1\n", "../n|main*|idle|a|64|2|16|2|1\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fleet_nodes nodes;
        struct err err;
        assert_int_equal(read_sinfo(bad[i], &nodes, &err), -EINVAL);
        assert_string_equal(err.text, "sinfo: line 1 is not a node as "
                                      "'--format=%N|%P|%T|%f|%c|%X|%Y|%Z|%m' asks for");
        fleet_nodes_fini(&nodes);
    }
}

static void an_empty_partition_is_an_error(void **state)
{
    (void)state;
    struct fleet_nodes nodes;
    struct err err;
    assert_int_equal(read_sinfo("\n", &nodes, &err), -ENODATA);
    assert_string_equal(err.text, "sinfo lists no node; is the partition's name right?");
    fleet_nodes_fini(&nodes);
}

static void hosts_have_kinds_and_comments(void **state)
{
    (void)state;
    struct fleet_nodes nodes;
    struct err err;
    assert_int_equal(read_hosts("# all\nnode1 milan\n\n\tadmin@node-2.x  altra # old\r\n"
                                "fe80::1%eth0\n127.0.0.2 milan",
                         &nodes, &err),
        0);
    assert_int_equal(nodes.count, 4);
    assert_string_equal(nodes.node[0].kind, "milan");
    assert_string_equal(nodes.node[1].name, "admin@node-2.x");
    assert_string_equal(nodes.node[1].kind, "altra");
    assert_string_equal(nodes.node[2].kind, "");
    assert_string_equal(nodes.node[3].name, "127.0.0.2");
    assert_int_equal(fleet_nodes_one_per_kind(&nodes, &err), -EINVAL);
    assert_string_equal(err.text,
        "--one-per-kind: the kind of 'fe80::1%eth0' is not known; write it behind each host");
    fleet_nodes_fini(&nodes);
}

static void what_is_not_a_host_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        int code;
    } bad[] = {
        {"a\n-oProxyCommand=x\n",
            "hosts:2: '-oProxyCommand=x' is not a host; write HOST or USER@HOST, and its kind "
            "behind it",
            -EINVAL},
        {"a/b\n", "hosts:1: 'a/b' is not a host; write HOST or USER@HOST, and its kind behind it",
            -EINVAL},
        {"a;b\n", "hosts:1: 'a;b' is not a host; write HOST or USER@HOST, and its kind behind it",
            -EINVAL},
        {"a b c\n", "hosts:1: 'c' is one word too many; a line has a host and its kind", -EINVAL},
        {"a\nb\na x\n", "hosts:3: host 'a' is there twice", -EINVAL},
        {"# none\n", "hosts: there is no host in it; write one a line", -ENODATA},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fleet_nodes nodes;
        struct err err;
        assert_int_equal(read_hosts(bad[i].text, &nodes, &err), bad[i].code);
        assert_string_equal(err.text, bad[i].message);
        fleet_nodes_fini(&nodes);
    }
}
