/* The product of two matrices, a tile of the result at a time, all of whose sums stay in registers.
 *
 * result[row][column] starts as 0, a bias or itself, and gets the sum over k of left(row, k) times
 * right(k, column). A number of the left matrix meets whole vectors of the right one, so the left
 * one may lie in any order; the spare places of right and result are 0 and stay so.
 */
#ifndef NNSIM_MATRIX_PRODUCT_H
#define NNSIM_MATRIX_PRODUCT_H

#include "vectors.h"

#define TILE_SUMS (VECTOR_BYTES == 64 ? 24 : 12) /* of 32 or 16 registers */
#define TILE_VECTORS 4                           /* at most, side by side */
#define TILE_ROWS 8                              /* at most, one above the other */
#define DEPTH_AT_ONCE 192                        /* so much of the right matrix stays in the L1 cache */

/* What becomes of a sum: it is put down; added; multiplied with what is there; or, times `rate`,
 * taken away from it, and times `kept` before where that is not NULL. */
enum finish { PUT, ADD, MULTIPLY, STEP_DOWN };

typedef struct {
    int64_t rows, vectors, depth;  /* of the result, and how long the sums are */
    const double *left;            /* left(row, k) is left[row * left_row + k * left_k] */
    int64_t left_row, left_k;
    const double *right;           /* right(k, column) is right[k * right_k + column] */
    int64_t right_k;
    const double *bias;            /* [columns] where the sums start, or NULL */
    enum finish finish;
    double rate;                   /* of STEP_DOWN */
    const double *kept;            /* laid out like the result */
    double *result;
    int64_t result_row;
} product;

INLINE void finish_one(const product *p, int64_t at, vec sum)
{
    double *result = p->result + at;
    if (p->finish == STEP_DOWN) {
        vec step = all(p->rate) * sum;
        store(result, load(result) - (p->kept ? step * load(p->kept + at) : step));
    } else if (p->finish == ADD)
        store(result, load(result) + sum);
    else if (p->finish == MULTIPLY)
        store(result, load(result) * sum);
    else
        store(result, sum);
}

INLINE void multiply_tile(const int rows, const int wide, const product *p, int64_t row,
                          int64_t column)
{
    const double *left = p->left + row * p->left_row, *right = p->right + column;
    const int64_t left_row = p->left_row, left_k = p->left_k, right_k = p->right_k;
    const int64_t depth = p->depth;
    vec sum[TILE_SUMS]; /* [rows][wide], of fixed size, or the compiler keeps it in memory */
    UNROLL for (int i = 0; i < rows * wide; i++)
        sum[i] = p->bias ? load(p->bias + column + i % wide * LANES) : all(0.0);
    for (int64_t k = 0; k < depth; k++, left += left_k, right += right_k) {
        vec across[TILE_VECTORS];
        UNROLL for (int v = 0; v < wide; v++)
            across[v] = load(right + v * LANES);
        UNROLL for (int r = 0; r < rows; r++) {
            vec one = all(left[r * left_row]);
            UNROLL for (int v = 0; v < wide; v++)
                sum[r * wide + v] += one * across[v];
        }
    }
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < wide; v++)
            finish_one(p, (row + r) * p->result_row + column + v * LANES, sum[r * wide + v]);
}

/* Tiles of one width from the top to the bottom; those at the bottom have the rows that are left. */
INLINE void multiply_columns(const int wide, const int most, const product *p, int64_t column)
{
    int64_t row = 0;
    for (; row + most <= p->rows; row += most)
        multiply_tile(most, wide, p, row, column);
#define REST(n)                                                                                    \
    case n:                                                                                        \
        if (n < most)                                                                              \
            multiply_tile(n < most ? n : 1, wide, p, row, column);                                 \
        break
    switch (p->rows - row) {
        REST(1);
        REST(2);
        REST(3);
        REST(4);
        REST(5);
        REST(6);
        REST(7);
    }
#undef REST
}

#define TILE_HEIGHT(wide) (TILE_SUMS / (wide) < TILE_ROWS ? TILE_SUMS / (wide) : TILE_ROWS)

static void multiply_at_once(const product *p)
{
    int64_t v = 0;
    for (; v + 4 <= p->vectors; v += 4)
        multiply_columns(4, TILE_HEIGHT(4), p, v * LANES);
    switch (p->vectors - v) {
    case 1:
        multiply_columns(1, TILE_HEIGHT(1), p, v * LANES);
        break;
    case 2:
        multiply_columns(2, TILE_HEIGHT(2), p, v * LANES);
        break;
    case 3:
        multiply_columns(3, TILE_HEIGHT(3), p, v * LANES);
        break;
    }
}

/* Long sums in parts, so that what they read of the right matrix is still near for the next rows. */
static void multiply_in_parts(product p)
{
    int64_t depth = p.depth;
    p.depth = DEPTH_AT_ONCE;
    for (; depth > DEPTH_AT_ONCE; depth -= DEPTH_AT_ONCE) {
        multiply_at_once(&p);
        p.left += DEPTH_AT_ONCE * p.left_k;
        p.right += DEPTH_AT_ONCE * p.right_k;
        p.bias = NULL;
        p.finish = ADD;
    }
    p.depth = depth;
    multiply_at_once(&p);
}

/* The whole product; sums that are put down or added may be long. */
INLINE void multiply(const product *p)
{
    if (p->depth > DEPTH_AT_ONCE && (p->finish == PUT || p->finish == ADD))
        multiply_in_parts(*p);
    else
        multiply_at_once(p);
}
#endif
