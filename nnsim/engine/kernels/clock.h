/* A clock that nobody can set. */
#ifndef NNSIM_CLOCK_H
#define NNSIM_CLOCK_H

/* Seconds since some moment of the past: for the time between two looks at it. */
double nnsim_seconds(void);
#endif
