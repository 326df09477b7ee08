/**
 * The backends of an example, without the rest of it, to try it by hand:
 *
 *   bin/node examples/backends.ts canary           all of them, until Ctrl-C
 *   bin/node examples/backends.ts canary stable    only the one that is named
 */
import { openBackend } from "./harness/backend.ts";
import { loadExample } from "./harness/example.ts";

const [name = "", ...only] = process.argv.slice(2);
const { backends } = await loadExample(name);
for (const options of backends.filter((each) => only.length === 0 || only.includes(each.name))) {
  const { host, port } = await openBackend(options);
  console.log(`${options.name} answers on http://${host}:${port}`);
}
