/**
 * Two shortcuts of the data path use Node's internals: accepted sockets that read into our memory (accept.ts), and text or frames
 * written without the stream machinery (direct-writer.ts); each saves a tenth of the CPU of a small request. What asks
 * whether a port is free, unseen, uses them too (worker/port-probe.ts). They are used on the one version of Node that the lock file brings and
 * the tests ran on; any other does the same work the public way.
 */
export const isKnownNode: boolean = process.version === "v26.10.0";
