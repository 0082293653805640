#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CBaselines.h"

enum { timeout_ms = 10000, error_size = 256 };

struct bench_mover {
    struct bench_mover_plan plan;
    rd_kafka_t *consumer, *producer;
    rd_kafka_queue_t *queue;
    rd_kafka_message_t **messages;
    rd_kafka_topic_partition_list_t *offsets;
    pthread_t thread;
    int is_started;
    atomic_int stop;
    char error[error_size];
};

// Without a delivery report callback flushing wakes in steps of 10 ms.
static void delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    struct bench_mover *mover = opaque;
    if (message->err) snprintf(mover->error, error_size, "a record was not written: %s", rd_kafka_err2str(message->err));
}

static int fail(struct bench_mover *mover, const char *what, const char *why) {
    if (mover->error[0] == 0) snprintf(mover->error, error_size, "%s: %s", what, why);
    return -1;
}

static int check(struct bench_mover *mover, const char *what, rd_kafka_error_t *error) {
    if (error == NULL) return 0;
    fail(mover, what, rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return -1;
}

static rd_kafka_t *make(struct bench_mover *mover, rd_kafka_type_t type, const char *const settings[][2]) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char reason[error_size];
    rd_kafka_conf_set(conf, "bootstrap.servers", mover->plan.bootstrap, NULL, 0);
    rd_kafka_conf_set(conf, "socket.nagle.disable", "true", NULL, 0);
    for (; (*settings)[0] != NULL; settings++) {
        if ((*settings)[1] == NULL) continue;
        if (rd_kafka_conf_set(conf, (*settings)[0], (*settings)[1], reason, error_size) != RD_KAFKA_CONF_OK)
            fail(mover, (*settings)[0], reason);
    }
    rd_kafka_conf_set_opaque(conf, mover);
    if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    rd_kafka_t *client = rd_kafka_new(type, conf, reason, error_size);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        fail(mover, "client", reason);
    }
    return client;
}

static int produce(struct bench_mover *mover, const rd_kafka_message_t *input, const struct bench_output *output) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(output->header_count);
    for (size_t index = 0; index < output->header_count; index++) {
        const struct bench_header *header = &output->headers[index];
        rd_kafka_header_add(headers, header->name, -1, header->value, (ssize_t)header->length);
    }
    for (;;) {
        rd_kafka_resp_err_t error = rd_kafka_producev(
            mover->producer, RD_KAFKA_V_TOPIC(output->topic), RD_KAFKA_V_PARTITION(input->partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(input->key, input->key_len),
            RD_KAFKA_V_VALUE((void *)output->value, output->length), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (!error) return 0;
        if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            rd_kafka_headers_destroy(headers);
            return fail(mover, "produce", rd_kafka_err2str(error));
        }
        rd_kafka_poll(mover->producer, 10);
    }
}

static int commit(struct bench_mover *mover) {
    if (mover->plan.transactional_id == NULL) {
        rd_kafka_resp_err_t error = rd_kafka_commit(mover->consumer, mover->offsets, 0);
        return error ? fail(mover, "commit", rd_kafka_err2str(error)) : 0;
    }
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(mover->consumer);
    rd_kafka_error_t *error =
        rd_kafka_send_offsets_to_transaction(mover->producer, mover->offsets, group, timeout_ms);
    rd_kafka_consumer_group_metadata_destroy(group);
    if (check(mover, "offsets", error) < 0) return -1;
    return check(mover, "commit", rd_kafka_commit_transaction(mover->producer, timeout_ms));
}

static int move(struct bench_mover *mover, ssize_t count) {
    int is_moving = 0;
    for (ssize_t index = 0; index < count; index++) {
        rd_kafka_message_t *input = mover->messages[index];
        if (input->err) continue;
        if (!is_moving && mover->plan.transactional_id != NULL
            && check(mover, "transaction", rd_kafka_begin_transaction(mover->producer)) < 0)
            return -1;
        is_moving = 1;
        for (size_t output = 0; output < mover->plan.output_count; output++)
            if (produce(mover, input, &mover->plan.outputs[output]) < 0) return -1;
        mover->offsets->elems[input->partition].offset = input->offset + 1;
    }
    if (!is_moving) return 0;
    rd_kafka_resp_err_t error = rd_kafka_flush(mover->producer, timeout_ms);
    if (error) return fail(mover, "flush", rd_kafka_err2str(error));
    return mover->error[0] == 0 ? commit(mover) : -1;
}

static void *run(void *argument) {
    struct bench_mover *mover = argument;
    while (!atomic_load(&mover->stop)) {
        // Blocks for the first record, then takes what is there: a batch call waits its whole time to fill up.
        mover->messages[0] = rd_kafka_consumer_poll(mover->consumer, 50);
        if (mover->messages[0] == NULL) continue;
        ssize_t more =
            rd_kafka_consume_batch_queue(mover->queue, 0, mover->messages + 1, (size_t)mover->plan.batch - 1);
        ssize_t count = more < 0 ? 1 : more + 1;
        int result = move(mover, count);
        for (ssize_t index = 0; index < count; index++) rd_kafka_message_destroy(mover->messages[index]);
        if (result < 0) break;
    }
    return NULL;
}

static int begin(struct bench_mover *mover) {
    const char *const for_consumer[][2] = {
        {"group.id", mover->plan.group}, {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"},
        {"fetch.wait.max.ms", "10"}, {"isolation.level", "read_committed"}, {NULL, NULL}};
    const char *const for_producer[][2] = {
        {"enable.idempotence", "true"}, {"linger.ms", "0"}, {"queue.buffering.max.messages", "200000"},
        {"transactional.id", mover->plan.transactional_id},
        {"retry.backoff.ms", mover->plan.transactional_id == NULL ? NULL : "1"}, {NULL, NULL}};
    mover->messages = calloc((size_t)mover->plan.batch, sizeof *mover->messages);
    mover->offsets = rd_kafka_topic_partition_list_new(mover->plan.partitions);
    mover->consumer = make(mover, RD_KAFKA_CONSUMER, for_consumer);
    mover->producer = make(mover, RD_KAFKA_PRODUCER, for_producer);
    if (mover->messages == NULL || mover->consumer == NULL || mover->producer == NULL || mover->error[0] != 0) return -1;
    for (int32_t partition = 0; partition < mover->plan.partitions; partition++)
        rd_kafka_topic_partition_list_add(mover->offsets, mover->plan.input, partition)->offset = 0;
    rd_kafka_poll_set_consumer(mover->consumer);
    mover->queue = rd_kafka_queue_get_consumer(mover->consumer);
    if (mover->plan.transactional_id != NULL
        && check(mover, "transactions", rd_kafka_init_transactions(mover->producer, timeout_ms)) < 0)
        return -1;
    rd_kafka_resp_err_t error = rd_kafka_assign(mover->consumer, mover->offsets);
    if (error) return fail(mover, "assign", rd_kafka_err2str(error));
    if (pthread_create(&mover->thread, NULL, run, mover) != 0) return fail(mover, "thread", "none could be started");
    mover->is_started = 1;
    return 0;
}

struct bench_mover *bench_mover_start(const struct bench_mover_plan *plan, char *error, size_t size) {
    struct bench_mover *mover = calloc(1, sizeof *mover);
    if (mover == NULL) return NULL;
    mover->plan = *plan;
    if (begin(mover) == 0) return mover;
    bench_mover_stop(mover, error, size);
    return NULL;
}

int bench_mover_stop(struct bench_mover *mover, char *error, size_t size) {
    atomic_store(&mover->stop, 1);
    if (mover->is_started) pthread_join(mover->thread, NULL);
    if (mover->queue != NULL) rd_kafka_queue_destroy(mover->queue);
    if (mover->consumer != NULL) {
        rd_kafka_consumer_close(mover->consumer);
        rd_kafka_destroy(mover->consumer);
    }
    if (mover->producer != NULL) rd_kafka_destroy(mover->producer);
    rd_kafka_topic_partition_list_destroy(mover->offsets);
    free(mover->messages);
    int has_failed = mover->error[0] != 0;
    if (has_failed) snprintf(error, size, "%s", mover->error);
    free(mover);
    return has_failed ? -1 : 0;
}
