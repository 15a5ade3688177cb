/** Enough to choose from; whoever misses one types more of it. */
export const choicesAtOnce = 20;

/** How long after the last key a search begins. */
export const searchMilliseconds = 200;
