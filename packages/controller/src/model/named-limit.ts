/** How many Secrets, and how many ConfigMaps, are followed by name at a time: each is a watch of its own. */
export const watchedAtMost = 1000;
