/**
 * Stands for every empty binary. Nobody can change it, and Node gives each other empty Buffer a memory of
 * its own, which takes a microsecond.
 */
export const NO_BYTES = Buffer.alloc(0);
