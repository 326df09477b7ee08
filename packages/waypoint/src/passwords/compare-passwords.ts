/** The module of the passwords' thread: one question after another, answered by bcrypt. */
import { parentPort } from "node:worker_threads";
import { compareSync } from "bcryptjs";

parentPort?.on("message", ({ password, hash }: { readonly password: string; readonly hash: string }) => {
  parentPort?.postMessage(compareSync(password, hash));
});
