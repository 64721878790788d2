#ifndef CFFMPEG_SHIM_H
#define CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/hwcontext.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>

// Function-like macros are not imported.
static const int cff_error_again = AVERROR(EAGAIN);
static const int cff_error_eof = AVERROR_EOF;
static const int cff_error_exit = AVERROR_EXIT;
static const int cff_error_invalid_data = AVERROR_INVALIDDATA;
static const int cff_error_encoder_not_found = AVERROR_ENCODER_NOT_FOUND;
static const int64_t cff_no_pts = AV_NOPTS_VALUE;
static const int cff_packet_key = AV_PKT_FLAG_KEY;
static const int cff_codec_global_header = AV_CODEC_FLAG_GLOBAL_HEADER;
static const int cff_format_global_header = AVFMT_GLOBALHEADER;
static const int cff_format_no_file = AVFMT_NOFILE;
static inline int cff_error_text(int code, char *buffer, size_t size) { return av_strerror(code, buffer, size); }

#endif
