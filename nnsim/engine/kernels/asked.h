/* Whether the caller asks to stop: every look at the flag goes this way.
 *
 * Where NNSIM_COUNTED_LOOKS is defined, looks are counted, and the flag counts as raised from look
 * number nnsim_raised_at on: so tests stop the work at any place they want, without a clock.
 */
#ifndef NNSIM_ASKED_H
#define NNSIM_ASKED_H

#include <stdint.h>

#define WORK_BETWEEN_LOOKS (1 << 15) /* numbers that are copied or changed */

#if defined(NNSIM_COUNTED_LOOKS)
extern int64_t nnsim_looks, nnsim_raised_at;

static inline int asked(const volatile int32_t *stop)
{
    return *stop || ++nnsim_looks >= nnsim_raised_at;
}
#else
static inline int asked(const volatile int32_t *stop)
{
    return *stop;
}
#endif
#endif
