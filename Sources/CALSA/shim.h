// ALSA's sequencer, and what its macros hide from Swift.
#pragma once
#include <alsa/asoundlib.h>

/// The kind of an event.
static inline unsigned char calsa_kind(const snd_seq_event_t *event) { return event->type; }
static const unsigned char calsa_controller = SND_SEQ_EVENT_CONTROLLER;
static const unsigned char calsa_pitch_bend = SND_SEQ_EVENT_PITCHBEND;
static const unsigned char calsa_note_on = SND_SEQ_EVENT_NOTEON;

/// Number and value of a controller or of a pitch bend (−8192 … 8191).
static inline unsigned int calsa_parameter(const snd_seq_event_t *event) { return event->data.control.param; }
static inline int calsa_value(const snd_seq_event_t *event) { return event->data.control.value; }
/// Number and velocity of a note.
static inline unsigned char calsa_note(const snd_seq_event_t *event) { return event->data.note.note; }
static inline unsigned char calsa_velocity(const snd_seq_event_t *event) { return event->data.note.velocity; }

static void calsa_say_nothing(const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file, (void)line, (void)function, (void)error, (void)format;
}
/// ALSA writes no lines of its own to stderr: every failure is told by its status.
static inline void calsa_quieten(void) { snd_lib_error_set_handler(calsa_say_nothing); }

static const unsigned int calsa_may_write = SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE;
static const unsigned int calsa_application = SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION;
static const int calsa_nonblocking = SND_SEQ_NONBLOCK;
