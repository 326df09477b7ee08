/** How many Secrets, and how many ConfigMaps, are followed by name at a time: each is a watch of its own. */
export const watchedAtMost = 1000;

/** Of them, those of one namespace: who may write there takes no more than this from all others. */
export const watchedOfNamespaceAtMost = 200;
