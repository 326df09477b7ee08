// Entry of every worker thread. JavaScript, so that nothing is compiled before the compile cache is on: a thread does not
// inherit it, and without it each one loads the TypeScript stripper and costs 20 MB and half of its start more.
import module from "node:module";
import { workerData } from "node:worker_threads";

const { entry, compileCacheDir } = workerData;
if (compileCacheDir !== undefined) module.enableCompileCache(compileCacheDir);
await import(entry);
// A worker ends by being terminated, which would not save what was compiled.
module.flushCompileCache();
