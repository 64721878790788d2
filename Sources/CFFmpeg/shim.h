#ifndef CFFMPEG_SHIM_H
#define CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>

// Function-like macros are not imported.
static const int cff_error_again = AVERROR(EAGAIN);
static const int cff_error_eof = AVERROR_EOF;
static const int cff_error_invalid_data = AVERROR_INVALIDDATA;
static const int64_t cff_no_pts = AV_NOPTS_VALUE;
static inline int cff_error_text(int code, char *buffer, size_t size) { return av_strerror(code, buffer, size); }

#endif
