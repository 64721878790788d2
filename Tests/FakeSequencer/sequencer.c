// Takes the place of ALSA's sequencer for machines without one: one controller, "Keys", whose events are read from the FIFO
// that FAKE_SEQUENCER names, four bytes each: kind, number, and a value of 16 bits, big-endian. To be preloaded.

#include <alsa/asoundlib.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int input = -1;
static int is_connected;
static snd_seq_event_t newest;

int snd_seq_open(snd_seq_t **handle, const char *name, int streams, int mode) {
    (void)name, (void)streams, (void)mode;
    const char *path = getenv("FAKE_SEQUENCER");
    // For reading and writing, so that it has no end while nobody writes.
    if (input < 0 && path) input = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (input < 0) return -ENOENT;
    *handle = (snd_seq_t *)&input;
    return 0;
}

int snd_seq_close(snd_seq_t *handle) {
    (void)handle;
    return 0;
}

int snd_seq_set_client_name(snd_seq_t *handle, const char *name) {
    (void)handle, (void)name;
    return 0;
}

int snd_seq_create_simple_port(snd_seq_t *handle, const char *name, unsigned int capabilities, unsigned int type) {
    (void)handle, (void)name, (void)type;
    return capabilities & SND_SEQ_PORT_CAP_SUBS_WRITE ? 3 : -EINVAL;
}

int snd_seq_client_id(snd_seq_t *handle) {
    (void)handle;
    return 128;
}

int snd_seq_parse_address(snd_seq_t *handle, snd_seq_addr_t *address, const char *name) {
    (void)handle;
    if (strcmp(name, "Keys") != 0) return -ENOENT;
    *address = (snd_seq_addr_t){.client = 20, .port = 1};
    return 0;
}

int snd_seq_connect_from(snd_seq_t *handle, int port, int client, int from) {
    (void)handle;
    is_connected = port == 3 && client == 20 && from == 1;
    return is_connected ? 0 : -EINVAL;
}

int snd_seq_poll_descriptors_count(snd_seq_t *handle, short events) {
    (void)handle, (void)events;
    return 1;
}

int snd_seq_poll_descriptors(snd_seq_t *handle, struct pollfd *descriptors, unsigned int space, short events) {
    (void)handle;
    if (space < 1) return 0;
    descriptors[0] = (struct pollfd){.fd = input, .events = events};
    return 1;
}

int snd_seq_event_input(snd_seq_t *handle, snd_seq_event_t **event) {
    (void)handle;
    unsigned char bytes[4];
    if (!is_connected || read(input, bytes, 4) != 4) return -EAGAIN;
    memset(&newest, 0, sizeof newest);
    newest.type = bytes[0];
    int value = (short)(bytes[2] << 8 | bytes[3]);
    if (newest.type == SND_SEQ_EVENT_NOTEON) {
        newest.data.note.note = bytes[1];
        newest.data.note.velocity = (unsigned char)value;
    } else {
        newest.data.control.param = bytes[1];
        newest.data.control.value = value;
    }
    *event = &newest;
    return 1;
}
