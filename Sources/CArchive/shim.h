// libarchive, and constants whose macros Swift does not import.
#pragma once
#include <archive.h>
#include <archive_entry.h>

static const unsigned int carchive_regular = AE_IFREG;
static const unsigned int carchive_folder = AE_IFDIR;
static const unsigned int carchive_link = AE_IFLNK;
