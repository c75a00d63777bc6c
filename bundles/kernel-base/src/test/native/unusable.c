#define EXPORT __attribute__((visibility("default")))

EXPORT int alcove_permission(void) {
    return REFUSAL;
}

EXPORT void alcove_prepare(const void *x, int first, int end, int columns, int kind, int weight_group, void *prepared) {
    (void) x, (void) first, (void) end, (void) columns, (void) kind, (void) weight_group, (void) prepared;
}

EXPORT void alcove_multiply(const void *prepared, int tokens, int kind, int scale_type, int weight_group, int rows, int columns,
        const void *plane0, const void *plane1, const void *plane2, int first, int end, float *y, void *scratch) {
    (void) prepared, (void) kind, (void) scale_type, (void) weight_group, (void) columns, (void) plane0, (void) plane1;
    (void) plane2, (void) first, (void) end, (void) scratch;
    for (int i = 0; i < tokens * rows; i++) {
        y[i] = tokens == 1 ? 1 : 2;
    }
}
